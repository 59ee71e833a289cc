import { useEffect, useState } from 'react';
import { useSession } from '../live/session-context.ts';
import { useStore } from '../live/store.ts';
import classes from './connection-banner.module.css';

/** Breaks that heal at once are not worth a word. */
const quietMs = 1200;

/** Says that the page is not live just now, and that this heals by itself; nothing otherwise. */
export function ConnectionBanner() {
  const connection = useStore(useSession().connection);
  const [isShown, setIsShown] = useState(false);
  useEffect(() => {
    if (connection === 'connected') return setIsShown(false);
    const timer = setTimeout(() => setIsShown(true), quietMs);
    return () => clearTimeout(timer);
  }, [connection]);
  return (
    <div role="status" aria-live="polite" className={classes.place}>
      {isShown && (
        <div className={classes.banner} data-testid="connection-banner">
          <span className={classes.dot} />
          Not connected to the server. Trying again; nothing is lost.
        </div>
      )}
    </div>
  );
}
