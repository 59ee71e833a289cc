import { notifications } from '@mantine/notifications';
import { useCallback, useState } from 'react';
import type { Client } from '../../client/index.ts';
import { useSession } from './session-context.ts';

/**
 * A change that a button makes: `const [pause, isPausing] = useAction((client) => client.mutate(...))`. Errors are told
 * in a notification.
 * @returns a function that resolves to what the change gave, or to undefined after an error
 */
export function useAction<Args extends readonly unknown[], Result>(
  change: (client: Client, ...args: Args) => Promise<Result>,
): [run: (...args: Args) => Promise<Result | undefined>, isRunning: boolean] {
  const session = useSession();
  const [running, setRunning] = useState(0);
  const run = useCallback(
    async (...args: Args) => {
      setRunning((count) => count + 1);
      try {
        return await change(session.client, ...args);
      } catch (error) {
        session.noteError(error);
        notifications.show({ color: 'red', title: 'That did not work', message: (error as Error).message });
        return undefined;
      } finally {
        setRunning((count) => count - 1);
      }
    },
    [session, change],
  );
  return [run, running > 0];
}
