import { SegmentedControl, Select } from '@mantine/core';
import { PlaneChart, planeTrials } from '../../../charts/analysis/plane-chart.tsx';
import { Nothing, Panel } from '../../../charts/parts/panel.tsx';
import { formatCount } from '../../../format/number.ts';
import type { AnalysisProps } from './analysis-context.ts';
import { RankLegend } from './rank-legend.tsx';
import { planeParameters } from './shown-parameters.ts';

/** Two parameters against each other. */
export default function PlanePanel(props: AnalysisProps) {
  const { study, table, version, objective, parameters, search, onChange, onOpen } = props;
  const names = parameters.map(({ name }) => name);
  const [x, y] = planeParameters(parameters, search);
  if (x === undefined || y === undefined) {
    return <Nothing height={240}>It takes two parameters to draw this.</Nothing>;
  }
  const mode = search.plane ?? 'contour';
  return (
    <Panel
      title={`${objective.metric} by two parameters`}
      controls={
        <>
          <Select
            aria-label="Along the x axis"
            w={150}
            data={names}
            value={x.name}
            onChange={(name) => onChange({ x: name ?? undefined })}
            allowDeselect={false}
          />
          <Select
            aria-label="Along the y axis"
            w={150}
            data={names.filter((name) => name !== x.name)}
            value={y.name}
            onChange={(name) => onChange({ y: name ?? undefined })}
            allowDeselect={false}
          />
          <SegmentedControl
            aria-label="What is drawn"
            data={[
              { value: 'contour', label: 'Contour' },
              { value: 'rank', label: 'Rank' },
            ]}
            value={mode}
            onChange={(value) => onChange({ plane: value === 'rank' ? 'rank' : undefined })}
          />
        </>
      }
      foot={
        <>
          <RankLegend from="best" to="worst" /> By rank among all results; at most {formatCount(planeTrials)}{' '}
          trials, the best among them.
          {mode === 'contour' && ' The ground is the mean of the eight nearest trials by their distance.'}
        </>
      }
    >
      <PlaneChart
        {...{ study, table, version, objective, x, y, onOpen }}
        hasGround={mode === 'contour'}
        height={480}
      />
    </Panel>
  );
}
