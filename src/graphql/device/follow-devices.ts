import { followedState } from '../../events/followed-state.ts';
import type { Engine } from '../../execution/engine.ts';

/** Memory is measured at this pace even when no trial starts or ends. */
const refreshMs = 2000;

/** Follows what is read of the devices and their queue: again when a trial starts, waits or ends, and at a slow pace. */
export function followDevices<T>(engine: Engine, read: () => Promise<T>) {
  let isStale = true;
  return followedState<T>({
    watch: (wake) => {
      const refresh = (): void => {
        isStale = true;
        wake();
      };
      const unsubscribe = engine.bus.subscribe('devicesChanged', refresh);
      const timer = setInterval(refresh, refreshMs);
      return () => {
        unsubscribe();
        clearInterval(timer);
      };
    },
    read: async () => {
      if (!isStale) return null;
      isStale = false;
      return read();
    },
    isDone: () => false,
  });
}
