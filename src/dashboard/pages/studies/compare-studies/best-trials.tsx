import { Link } from '@tanstack/react-router';
import type { Json } from '../../../../client/index.ts';
import { Nothing, Panel } from '../../../charts/parts/panel.tsx';
import { formatDuration } from '../../../format/duration.ts';
import { formatValue } from '../../../format/number.ts';
import { formatParam } from '../../../format/param.ts';
import { Rows } from '../../../parts/rows.tsx';
import { durationMs } from '../../../parts/trial-duration.ts';
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
        <Rows
          label="Best trials"
          columns={[
            {
              id: 'study',
              name: 'Study',
              isText: true,
              cell: ({ study, place }) => (
                <span className={classes.named}>
                  <StudyKey place={place} />
                  {study.name}
                </span>
              ),
            },
            {
              id: 'number',
              name: 'Trial',
              isText: true,
              cell: ({ trial: { id, number } }) => (
                <Link to="/trials/$id" params={{ id }} className="numeric">
                  {number}
                </Link>
              ),
            },
            ...metrics.map((metric) => ({
              id: `value:${metric}`,
              name: metric,
              isMain: true,
              cell: ({ trial }: (typeof rows)[number]) =>
                formatValue((trial.values as Record<string, number> | null)?.[metric]),
            })),
            ...params.map((name) => ({
              id: `param:${name}`,
              name,
              cell: ({ trial }: (typeof rows)[number]) => formatParam(trial.params[name]),
            })),
            { id: 'time', name: 'Time', cell: ({ trial }) => formatDuration(durationMs(trial)) },
          ]}
          rows={rows}
          keyOf={({ trial }) => trial.id}
        />
      )}
    </Panel>
  );
}

function namesIn(searchSpace: Json): readonly string[] {
  return Object.keys(searchSpace ?? {}).filter((name) => !name.startsWith('$'));
}
