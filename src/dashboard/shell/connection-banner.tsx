import classes from './connection-banner.module.css';
import { type Outage, useOutage } from './use-outage.ts';

const words: Readonly<Record<Outage, string>> = {
  away: 'Not connected to the server. Trying again; nothing is lost.',
  'held up':
    'Nothing here is live: the server answers, but no WebSocket to it opens, as behind a proxy that passes none on. Reload the page to see what is new.',
  'no database': 'The server is there, but its database does not answer. Waiting for it; nothing is lost.',
};

/** Says what keeps the page from being live, and what becomes of that; nothing otherwise. */
export function ConnectionBanner() {
  const outage = useOutage();
  return (
    <div role="status" aria-live="polite" className={classes.place}>
      {outage !== null && (
        <div className={classes.banner} data-testid="connection-banner">
          <span className={classes.dot} />
          {words[outage]}
        </div>
      )}
    </div>
  );
}
