import { Link } from '@tanstack/react-router';
import type { StudyData } from '../../../../client/index.ts';
import { parametersOf } from '../../../charts/data/parameters.ts';
import { Failed, Nothing, Panel } from '../../../charts/parts/panel.tsx';
import { formatDuration } from '../../../format/duration.ts';
import { formatValue } from '../../../format/number.ts';
import { formatParam } from '../../../format/param.ts';
import { useLiveQuery } from '../../../live/use-live-query.ts';
import { studyBestTrials } from '../../../operations/charts.ts';
import { Rows } from '../../../parts/rows.tsx';
import { durationMs } from '../../../parts/trial-duration.ts';
import { noResultYet } from '../no-result-yet.ts';
import { isEnd } from './is-end.ts';

const shownTrials = 10;

/** The best trials, or those of the front, with their settings. */
export function BestTrialsPanel({ study }: { readonly study: StudyData }) {
  const { data, error, refetch } = useLiveQuery(
    studyBestTrials,
    { study: study.id, first: shownTrials },
    { study: study.id, isStaleAfter: isEnd, waitMs: 500 },
  );
  const trials = data?.study?.bestTrials ?? [];
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
        <Rows
          label="Best trials"
          columns={[
            {
              id: 'number',
              name: 'Trial',
              isText: true,
              cell: ({ id, number }) => (
                <Link to="/trials/$id" params={{ id }} className="numeric">
                  {number}
                </Link>
              ),
            },
            ...study.objectives.map(({ metric }) => ({
              id: `value:${metric}`,
              name: metric,
              isMain: true,
              cell: ({ values }: (typeof trials)[number]) => formatValue(values?.[metric]),
            })),
            ...parametersOf(study.searchSpace).map(({ name }) => ({
              id: `param:${name}`,
              name,
              cell: ({ params }: (typeof trials)[number]) => formatParam(params[name]),
            })),
            { id: 'time', name: 'Time', cell: (trial) => formatDuration(durationMs(trial)) },
          ]}
          rows={trials}
          keyOf={({ id }) => id}
        />
      )}
    </Panel>
  );
}
