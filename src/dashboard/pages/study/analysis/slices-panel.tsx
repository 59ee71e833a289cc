import { Button } from '@mantine/core';
import { SliceChart } from '../../../charts/analysis/slice-chart.tsx';
import { Panel } from '../../../charts/parts/panel.tsx';
import classes from './analysis.module.css';
import type { AnalysisProps } from './analysis-context.ts';
import { RankLegend } from './rank-legend.tsx';

/** The objective along each parameter. */
export default function SlicesPanel({ parameters, shown, search, ...props }: AnalysisProps) {
  return (
    <div className={classes.stack}>
      <div className={classes.slices}>
        {shown.map((parameter) => (
          <Panel key={parameter.name} title={parameter.name}>
            <SliceChart {...props} parameter={parameter} log={search.log === true} height={206} />
          </Panel>
        ))}
      </div>
      <div className={classes.legend}>
        <RankLegend from="newest trials" to="first" />
        {shown.length < parameters.length && (
          <Button
            variant="default"
            onClick={() => props.onChange({ params: parameters.map(({ name }) => name) })}
          >
            All {parameters.length} parameters
          </Button>
        )}
      </div>
    </div>
  );
}
