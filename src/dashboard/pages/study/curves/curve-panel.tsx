import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import type { StudyData } from '../../../../client/index.ts';
import type { CurveSet, CurveTrial } from '../../../charts/curves/curve-set.ts';
import type { CurveView } from '../../../charts/curves/curve-view.ts';
import { Nothing, Panel } from '../../../charts/parts/panel.tsx';
import { usePlotColors } from '../../../charts/parts/plot-colors.ts';
import { countOf, formatCount } from '../../../format/number.ts';
import { loadPart } from '../../../live/load-part.ts';
import { Store, useStore } from '../../../live/store.ts';
import { seriesColor } from '../../../theme/chart-palette.ts';
import classes from './curves.module.css';
import { useCurveSet } from './use-curve-set.ts';

const CurvesChart = lazy(async () => ({
  default: (await loadPart(() => import('../../../charts/curves/curves-chart.tsx'))).CurvesChart,
}));

const nothingLoads = new Store(0);
const noError = new Store<Error | null>(null);
const legendTrials = 24;

export interface CurvePanelProps {
  readonly study: StudyData;
  readonly metric: string;
  readonly trials: readonly CurveTrial[] | null;
  /** How many trials the choice has, of which `trials` may be a part. */
  readonly totalCount: number;
  readonly view: CurveView;
  readonly zoom: readonly [number, number] | null;
  readonly height: number;
  onZoom(zoom: readonly [number, number] | null): void;
  onOpen(trial: CurveTrial): void;
}

/** The curves of one metric, with the trials' colours. */
export function CurvePanel(props: CurvePanelProps) {
  const { study, metric, trials, totalCount, view, zoom, height, onZoom, onOpen } = props;
  const set = useCurveSet(study.id, metric, trials);
  const loading = useStore(set?.loading ?? nothingLoads);
  const error = useStore(set?.error ?? noError);
  const direction = study.objectives.find((objective) => objective.metric === metric)?.direction ?? null;
  const count = trials?.length ?? 0;
  const note =
    loading > 0
      ? `reading ${formatCount(loading)} of ${formatCount(count)} curves`
      : totalCount > count
        ? `${formatCount(count)} of ${countOf(totalCount, 'trial')}`
        : count === 1
          ? undefined
          : countOf(count, 'trial');
  return (
    <Panel title={metric} note={error === null ? note : error.message}>
      {trials !== null && count === 0 ? (
        <Nothing height={height}>No trial to show here yet. Another choice above may have some.</Nothing>
      ) : (
        <Suspense fallback={<div style={{ height }} />}>
          {set === null ? (
            <div style={{ height }} />
          ) : (
            <Chart set={set} {...{ view, zoom, direction, height, onZoom, onOpen }} />
          )}
        </Suspense>
      )}
      {count > 1 && count <= legendTrials && <Legend trials={trials!} />}
    </Panel>
  );
}

function Chart(props: { readonly set: CurveSet } & Parameters<typeof CurvesChart>[0]) {
  return <CurvesChart {...props} />;
}

function Legend({ trials }: { readonly trials: readonly CurveTrial[] }) {
  const { scheme } = usePlotColors();
  return (
    <ul className={classes.legend}>
      {trials.map(({ id, number }) => (
        <li key={id}>
          <Link to="/trials/$id" params={{ id }} className="numeric">
            <i style={{ background: seriesColor(number, scheme) }} />
            {number}
          </Link>
        </li>
      ))}
    </ul>
  );
}
