import { followedState } from '../../events/followed-state.ts';
import type { DeviceState } from '../../execution/devices/device-board.ts';
import type { Engine } from '../../execution/engine.ts';
import { builder } from '../builder.ts';

/** Memory is measured at this pace even when no trial starts or ends. */
const refreshMs = 2000;

const Device = builder.objectRef<DeviceState>('Device').implement({
  description: 'What trials of this server run on.',
  fields: (t) => ({
    name: t.exposeString('name'),
    kind: t.string({ resolve: (device) => device.kind.toUpperCase() }),
    backend: t.string({
      description: 'What TensorFlow.js computes with there; `none`: only programs that trials start use it.',
      resolve: (device) => device.backend ?? 'none',
    }),
    memoryBytes: t.exposeFloat('memoryBytes', { nullable: true }),
    memoryUsedBytes: t.exposeFloat('memoryUsedBytes', { nullable: true }),
    runningTrials: t.exposeInt('runningTrials'),
  }),
});

builder.queryField('devices', (t) =>
  t.field({ type: [Device], resolve: (_, _args, { engine }) => engine.devices.read() }),
);

builder.subscriptionField('devices', (t) =>
  t.field({
    type: [Device],
    description: 'The devices as they are, and again at every change.',
    subscribe: (_, _args, { engine }) => followDevices(engine),
    resolve: (devices) => devices,
  }),
);

function followDevices(engine: Engine) {
  let isStale = true;
  return followedState<readonly DeviceState[]>({
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
      return engine.devices.read();
    },
    isDone: () => false,
  });
}
