import { useMemo } from 'react';
import { FrontChart } from '../../../charts/analysis/front-chart.tsx';
import { StepChart } from '../../../charts/analysis/step-chart.tsx';
import { Failed, Nothing, Panel } from '../../../charts/parts/panel.tsx';
import { countOf, formatCount, formatValue } from '../../../format/number.ts';
import { useLiveQuery } from '../../../live/use-live-query.ts';
import { studyFront } from '../../../operations/analysis.ts';
import { endedTrials } from '../../../parts/ended-trials.ts';
import { isEnd } from '../overview/is-end.ts';
import classes from './analysis.module.css';
import type { AnalysisProps } from './analysis-context.ts';

const noTrials: readonly number[] = [];

/** The objectives against each other in pairs, and how the hypervolume has grown. */
export default function FrontPanel({ study, table, version, search, onOpen }: AnalysisProps) {
  const { data, error, refetch } = useLiveQuery(
    studyFront,
    { study: study.id },
    { study: study.id, isStaleAfter: isEnd, waitMs: 800 },
  );
  const front = data?.study?.paretoFront?.numbers ?? noTrials;
  const history = data?.study?.hypervolumeHistory;
  const endedNow = endedTrials(study.trialCounts);
  const points = useMemo(
    () => grownUntil(endedNow, history?.ended ?? [], history?.hypervolumes ?? []),
    [history, endedNow],
  );
  const { objectives } = study;
  const pairs = objectives.flatMap((y, j) => objectives.slice(0, j).map((x) => [x, y] as const));
  if (objectives.length < 2) {
    return <Nothing height={240}>This study has one objective, so it has a best trial and no front.</Nothing>;
  }
  const log = search.log === true;
  const height = pairs.length === 1 ? 440 : 340;
  return (
    <div className={classes.pairs}>
      {pairs.map((pair) => (
        <Panel
          key={`${pair[0].metric} ${pair[1].metric}`}
          title={`${pair[1].metric} against ${pair[0].metric}`}
          note={`${formatCount(front.length)} on the front`}
          foot={<FrontLegend />}
        >
          <FrontChart {...{ study, table, version, front, pair, log, height, onOpen }} />
        </Panel>
      ))}
      <Panel
        title="Hypervolume"
        note={
          points.length > 0
            ? `${formatValue(points.at(-1)![1], 5)} after ${countOf(points.at(-1)![0], 'trial')}`
            : undefined
        }
        foot="What the front dominates, up to the worst results and a tenth beyond."
      >
        {error !== null && data === undefined ? (
          <Failed error={error} height={height} onRetry={refetch} />
        ) : points.length === 0 ? (
          <Nothing height={height}>It begins with the first completed trial.</Nothing>
        ) : (
          <StepChart
            label="The hypervolume of the front as trials ended"
            x="ended trials"
            y="hypervolume"
            points={points}
            height={height}
          />
        )}
      </Panel>
    </div>
  );
}

/** The steps of a growth, the last of which holds until now. */
function grownUntil(now: number, ended: readonly number[], values: readonly (number | null)[]) {
  const points = ended.map((count, i) => [count, values[i] ?? Number.NaN] as const);
  const last = points.at(-1);
  return last !== undefined && last[0] < now ? [...points, [now, last[1]] as const] : points;
}

function FrontLegend() {
  return (
    <span className={classes.legend}>
      <span>
        <i style={{ background: 'var(--accent)' }} />
        front
      </span>
      <span>
        <i style={{ background: 'var(--text-faint)', opacity: 0.5 }} />
        feasible
      </span>
      <span>
        <i style={{ border: '1.5px solid var(--state-infeasible)' }} />
        infeasible
      </span>
    </span>
  );
}
