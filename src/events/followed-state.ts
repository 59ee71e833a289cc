import { FollowedLog } from './followed-log.ts';

export interface StateSource<T> {
  /** Calls `wake` at every change; returns the function that ends that. */
  watch(wake: () => void): () => void;
  /** How it is now; null where it is as it was when last read. */
  read(): Promise<T | null>;
  /** Whether it will never change again. */
  isDone(): boolean;
  /** The pace of states. See FollowSource. */
  readonly minIntervalMs?: number;
}

/** A subscription to how something is: first as it is now, then at its changes; who is behind gets but the newest state. */
export function followedState<T>(source: StateSource<T>): FollowedLog<T> {
  const unread = [0];
  return new FollowedLog<T>(
    {
      watch: (wake) => source.watch(wake),
      // A position is the number of states read so far, which only those who read together need to agree on.
      read: async ([states]) => {
        const value = await source.read();
        if (value === null) return null;
        return { position: [states! + 1], value, isNewest: !source.isDone() };
      },
      isDone: () => source.isDone(),
      minIntervalMs: source.minIntervalMs ?? 0,
      onlyNewest: true,
    },
    { position: unread, value: null },
    unread,
  );
}
