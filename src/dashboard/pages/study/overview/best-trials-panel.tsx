import { Link } from '@tanstack/react-router';
import type { StudyData } from '../../../../client/index.ts';
import { parametersOf } from '../../../charts/data/parameters.ts';
import { Failed, Nothing, Panel } from '../../../charts/parts/panel.tsx';
import { formatDuration } from '../../../format/duration.ts';
import { formatValue } from '../../../format/number.ts';
import { formatParam } from '../../../format/param.ts';
import { useLiveQuery } from '../../../live/use-live-query.ts';
import { studyBestTrials } from '../../../operations/charts.ts';
import { noResultYet } from '../no-result-yet.ts';
import { isEnd } from './is-end.ts';
import classes from './overview.module.css';

const shownTrials = 10;

/** The best trials, or those of the front, with their settings. */
export function BestTrialsPanel({ study }: { readonly study: StudyData }) {
  const { data, error, refetch } = useLiveQuery(
    studyBestTrials,
    { study: study.id, first: shownTrials },
    { study: study.id, isStaleAfter: isEnd, waitMs: 500 },
  );
  const trials = data?.study?.bestTrials ?? [];
  const params = parametersOf(study.searchSpace).map(({ name }) => name);
  const isFront = study.objectives.length > 1;
  return (
    <Panel
      title={isFront ? 'Pareto front' : 'Best trials'}
      note={isFront ? 'trials that no other beats in all objectives' : undefined}
    >
      {error !== null && data === undefined ? (
        <Failed error={error} onRetry={refetch} />
      ) : data !== undefined && trials.length === 0 ? (
        <Nothing>{noResultYet(study)}</Nothing>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        <section className={classes.scroll} tabIndex={0} aria-label="Rows: Best trials" data-fading>
          <table className={classes.table}>
            <thead>
              <tr>
                <th>Trial</th>
                {study.objectives.map(({ metric }) => (
                  <th key={metric} title={metric} data-number>
                    {metric}
                  </th>
                ))}
                {params.map((name) => (
                  <th key={name} title={name} data-number>
                    {name}
                  </th>
                ))}
                <th data-number>Time</th>
              </tr>
            </thead>
            <tbody>
              {trials.map((trial) => (
                <tr key={trial.id}>
                  <td>
                    <Link to="/trials/$id" params={{ id: trial.id }} className="numeric">
                      {trial.number}
                    </Link>
                  </td>
                  {study.objectives.map(({ metric }) => (
                    <td key={metric} data-number className={classes.best}>
                      {formatValue(trial.values?.[metric])}
                    </td>
                  ))}
                  {params.map((name) => (
                    <td key={name} data-number>
                      {formatParam(trial.params[name])}
                    </td>
                  ))}
                  <td data-number>{formatDuration(elapsed(trial.startedAt, trial.finishedAt))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </Panel>
  );
}

function elapsed(startedAt: string | null, finishedAt: string | null): number | null {
  return startedAt === null || finishedAt === null ? null : Date.parse(finishedAt) - Date.parse(startedAt);
}
