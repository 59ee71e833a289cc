import { useEffect, useState } from 'react';
import type { QueueEntry } from '../../../client/index.ts';
import { useSession } from '../../live/session-context.ts';
import { followQueue } from '../../operations/devices.ts';

/** What waits for a device, as it is now; null before it is known. */
export function useQueue(): readonly QueueEntry[] | null {
  const session = useSession();
  const [queue, setQueue] = useState<readonly QueueEntry[] | null>(null);
  useEffect(() => {
    const ended = new AbortController();
    const follow = async () => {
      const messages = session.client.subscribe(followQueue, {}, { signal: ended.signal });
      for await (const { queue: entries } of messages) setQueue(entries);
    };
    follow().catch((error) => session.noteError(error));
    return () => ended.abort();
  }, [session]);
  return queue;
}
