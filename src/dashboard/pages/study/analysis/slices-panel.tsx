import { SliceChart } from '../../../charts/analysis/slice-chart.tsx';
import { Panel } from '../../../charts/parts/panel.tsx';
import classes from './analysis.module.css';
import type { AnalysisProps } from './analysis-context.ts';
import { RankLegend } from './rank-legend.tsx';

/** The objective along each parameter. */
export default function SlicesPanel({ parameters, search, ...props }: AnalysisProps) {
  return (
    <div className={classes.stack}>
      <div className={classes.slices}>
        {parameters.map((parameter) => (
          <Panel key={parameter.name} title={parameter.name}>
            <SliceChart {...props} parameter={parameter} log={search.log === true} height={220} />
          </Panel>
        ))}
      </div>
      <RankLegend from="newest trials" to="first" />
    </div>
  );
}
