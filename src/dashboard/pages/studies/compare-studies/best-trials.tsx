import { Link } from '@tanstack/react-router';
import type { Json } from '../../../../client/index.ts';
import { Nothing, Panel } from '../../../charts/parts/panel.tsx';
import { formatDuration } from '../../../format/duration.ts';
import { formatValue } from '../../../format/number.ts';
import { formatParam } from '../../../format/param.ts';
import overview from '../../study/overview/overview.module.css';
import classes from './compare-studies.module.css';
import { type ComparedStudy, metricsOf } from './compared-study.ts';
import { StudyKey } from './study-key.tsx';

/** The best trials of all studies in one table. */
export function BestTrials({ studies }: { readonly studies: readonly ComparedStudy[] }) {
  const metrics = metricsOf(studies);
  const params = [...new Set(studies.flatMap(({ searchSpace }) => namesIn(searchSpace)))];
  const rows = studies.flatMap((study, place) => study.bestTrials.map((trial) => ({ study, place, trial })));
  return (
    <Panel title="Best trials">
      {rows.length === 0 ? (
        <Nothing>No trial of these studies has completed yet.</Nothing>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        <section className={overview.scroll} tabIndex={0} aria-label="Rows: Best trials" data-fading>
          <table className={overview.table}>
            <thead>
              <tr>
                <th>Study</th>
                <th>Trial</th>
                {[...metrics, ...params].map((name) => (
                  <th key={name} data-number>
                    {name}
                  </th>
                ))}
                <th data-number>Time</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ study, place, trial }) => (
                <tr key={trial.id}>
                  <td>
                    <span className={classes.named}>
                      <StudyKey place={place} />
                      {study.name}
                    </span>
                  </td>
                  <td>
                    <Link to="/trials/$id" params={{ id: trial.id }} className="numeric">
                      {trial.number}
                    </Link>
                  </td>
                  {metrics.map((metric) => (
                    <td key={metric} data-number className={overview.best}>
                      {formatValue((trial.values as Record<string, number> | null)?.[metric])}
                    </td>
                  ))}
                  {params.map((name) => (
                    <td key={name} data-number>
                      {formatParam(trial.params[name])}
                    </td>
                  ))}
                  <td data-number>
                    {trial.startedAt !== null &&
                      trial.finishedAt !== null &&
                      formatDuration(Date.parse(trial.finishedAt) - Date.parse(trial.startedAt))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </Panel>
  );
}

function namesIn(searchSpace: Json): readonly string[] {
  return Object.keys(searchSpace ?? {}).filter((name) => !name.startsWith('$'));
}
