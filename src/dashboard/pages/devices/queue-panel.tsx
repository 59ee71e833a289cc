import { Link } from '@tanstack/react-router';
import type { QueueEntry } from '../../../client/index.ts';
import { Nothing, Panel } from '../../charts/parts/panel.tsx';
import { formatAge } from '../../format/age.ts';
import { countOf, formatCount } from '../../format/number.ts';
import { useNow } from '../../live/use-now.ts';
import classes from './devices.module.css';

/** What waits for a device, first what comes first, and why. */
export function QueuePanel({ queue }: { readonly queue: readonly QueueEntry[] | null }) {
  const now = useNow(5000);
  return (
    <Panel title="Queue" note={queue === null || queue.length === 0 ? undefined : formatCount(queue.length)}>
      {queue === null ? (
        <Nothing>…</Nothing>
      ) : queue.length === 0 ? (
        <Nothing>Nothing waits: each study that has something to run is running it.</Nothing>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
        // biome-ignore lint/a11y/useSemanticElements: a region to scroll, not a part of the document
        <div className={classes.queue} role="region" aria-label="Queue" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">#</th>
                <th scope="col">Waits</th>
                <th scope="col">Why</th>
                <th scope="col">Since</th>
              </tr>
            </thead>
            <tbody>
              {queue.map((entry) => (
                <tr key={entry.position}>
                  <td className="numeric">{entry.position}</td>
                  <td>
                    <Waiting entry={entry} />
                  </td>
                  <td className={classes.reason}>{entry.reason}</td>
                  <td className="numeric">{formatAge(entry.since, now)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

function Waiting({ entry: { study, trial, queuedTrials } }: { readonly entry: QueueEntry }) {
  return (
    <span className={classes.waiting}>
      {study !== null && (
        <Link to="/studies/$id" params={{ id: study.id }} title={study.name}>
          {study.name}
        </Link>
      )}
      {trial !== null ? (
        <Link to="/trials/$id" params={{ id: trial.id }}>
          trial {trial.number}
        </Link>
      ) : (
        <span className={classes.dim}>
          {queuedTrials > 0 ? countOf(queuedTrials, 'queued trial') : 'its next trial'}
        </span>
      )}
    </span>
  );
}
