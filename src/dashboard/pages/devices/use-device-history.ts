import { useEffect, useRef } from 'react';
import type { Device } from '../../../client/index.ts';

export interface DeviceSample {
  /** In milliseconds since 1970. */
  readonly at: number;
  /** Of its memory, from 0 to 1; null where the size is not known. */
  readonly memoryShare: number | null;
  readonly runningTrials: number;
}

/** So much of the past is kept while the page is open. */
const keptMs = 10 * 60_000;

/** What devices were like while the page was open, by id, oldest first. */
export function useDeviceHistory(
  devices: readonly Device[] | null,
): ReadonlyMap<string, readonly DeviceSample[]> {
  const history = useRef(new Map<string, DeviceSample[]>());
  const seen = useRef<readonly Device[] | null>(null);
  if (devices !== null && devices !== seen.current) {
    seen.current = devices;
    const at = Date.now();
    for (const { id, memoryBytes, memoryUsedBytes, runningTrials } of devices) {
      const samples = history.current.get(id) ?? [];
      const memoryShare = memoryBytes && memoryUsedBytes !== null ? memoryUsedBytes / memoryBytes : null;
      history.current.set(id, [
        ...samples.filter((sample) => at - sample.at < keptMs),
        { at, memoryShare, runningTrials },
      ]);
    }
  }
  useEffect(() => () => history.current.clear(), []);
  return history.current;
}
