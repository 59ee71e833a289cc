import { useEffect, useState } from 'react';
import { answers } from '../live/load-part.ts';
import { useSession } from '../live/session-context.ts';
import { useStore } from '../live/store.ts';
import classes from './connection-banner.module.css';

/** Breaks that heal at once are not worth a word. */
const quietMs = 1200;
const lookMs = 1500;
/** So many answers in a row take longer than the client waits between two tries to connect. */
const answersOfHeldUp = 4;

/** Says that the page is not live just now, and that this heals by itself; nothing otherwise. */
export function ConnectionBanner() {
  const isConnected = useStore(useSession().connection) === 'connected';
  const [isShown, setIsShown] = useState(false);
  /** How often in a row the server has answered to HTTP meanwhile. */
  const [answered, setAnswered] = useState(0);
  useEffect(() => {
    setIsShown(false);
    setAnswered(0);
    if (isConnected) return;
    const timer = setTimeout(() => setIsShown(true), quietMs);
    const looks = setInterval(async () => {
      const isThere = await answers();
      setAnswered((count) => (isThere ? count + 1 : 0));
    }, lookMs);
    return () => {
      clearTimeout(timer);
      clearInterval(looks);
    };
  }, [isConnected]);
  return (
    <div role="status" aria-live="polite" className={classes.place}>
      {isShown && (
        <div className={classes.banner} data-testid="connection-banner">
          <span className={classes.dot} />
          {answered < answersOfHeldUp
            ? 'Not connected to the server. Trying again; nothing is lost.'
            : 'Nothing here is live: the server answers, but no WebSocket to it opens, as behind a proxy that passes none on. Reload the page to see what is new.'}
        </div>
      )}
    </div>
  );
}
