import { useEffect, useState } from 'react';
import { answers } from '../live/load-part.ts';
import { useSession } from '../live/session-context.ts';
import { useStore } from '../live/store.ts';

/** What is in the way: the server is away; it answers, but no WebSocket to it opens; it is there without its database. */
export type Outage = 'away' | 'held up' | 'no database';

/** Breaks that heal at once are not worth a word. */
const quietMs = 1200;
const lookMs = 1500;
/** So many answers in a row take longer than the client waits between two tries to connect. */
const answersOfHeldUp = 4;

/** What keeps the page from what it waits for; null for nothing. */
export function useOutage(): Outage | null {
  const { connection, isWaiting } = useSession();
  const isConnected = useStore(connection) === 'connected';
  const isLate = useStore(isWaiting);
  const [isBroken, setIsBroken] = useState(false);
  /** How often in a row the server has answered to HTTP while no connection opened. */
  const [answered, setAnswered] = useState(0);
  const [lacksDatabase, setLacksDatabase] = useState(false);

  useEffect(() => {
    setIsBroken(false);
    setAnswered(0);
    if (isConnected) return;
    const timer = setTimeout(() => setIsBroken(true), quietMs);
    const looks = setInterval(async () => {
      const isThere = await answers();
      setAnswered((count) => (isThere ? count + 1 : 0));
    }, lookMs);
    return () => {
      clearTimeout(timer);
      clearInterval(looks);
    };
  }, [isConnected]);

  useEffect(() => {
    setLacksDatabase(false);
    if (!isLate) return;
    let isOver = false;
    const look = async () => {
      const state = await databaseState();
      if (isOver) return;
      // What takes long with a database simply takes long.
      if (state === 'up') isWaiting.set(false);
      setLacksDatabase(state === 'down');
    };
    void look();
    const looks = setInterval(look, lookMs);
    return () => {
      isOver = true;
      clearInterval(looks);
    };
  }, [isLate, isWaiting]);

  if (lacksDatabase) return 'no database';
  if (!isBroken) return null;
  return answered < answersOfHeldUp ? 'away' : 'held up';
}

/** Null where the server does not tell. */
async function databaseState(): Promise<'up' | 'down' | null> {
  try {
    const response = await fetch('/health', { cache: 'no-store' });
    const { database } = (await response.json()) as { readonly database?: unknown };
    return typeof database === 'boolean' ? (database ? 'up' : 'down') : null;
  } catch {
    return null;
  }
}
