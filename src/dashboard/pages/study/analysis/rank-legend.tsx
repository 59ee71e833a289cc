import { shareColor } from '../../../charts/echarts/chart-style.ts';
import { usePlotColors } from '../../../charts/parts/plot-colors.ts';
import classes from './analysis.module.css';

export interface RankLegendProps {
  readonly from: string;
  readonly to: string;
}

/** What the colours from the best to the worst mean. */
export function RankLegend({ from, to }: RankLegendProps) {
  const colors = usePlotColors();
  const stops = [0, 0.25, 0.5, 0.75, 1].map((share) => shareColor(share, colors)).join(', ');
  return (
    <span className={classes.legend}>
      <span>
        {from}
        <i className={classes.ramp} style={{ background: `linear-gradient(to right, ${stops})` }} />
        {to}
      </span>
    </span>
  );
}
