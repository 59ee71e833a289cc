import classes from './sparkline.module.css';

export interface SparklineProps {
  /** Where each value was reached; ascending. */
  readonly at: readonly number[];
  readonly values: readonly number[];
  /** Where the line ends: the last value holds until there. */
  readonly until: number;
  readonly width?: number;
  readonly height?: number;
  /** Absent: the accent. */
  readonly color?: string;
}

const pad = 2.5;

/** A small line of steps, without axes: how a best value came about. Nothing for no values. */
export function Sparkline({ at, values, until, width = 92, height = 24, color }: SparklineProps) {
  if (values.length === 0) return null;
  const low = Math.min(...values);
  const range = Math.max(...values) - low;
  const start = at[0]!;
  const length = Math.max(until, at.at(-1)!) - start;
  const x = (place: number) => pad + (length === 0 ? 1 : (place - start) / length) * (width - 2 * pad);
  const y = (value: number) =>
    height - pad - (range === 0 ? 0.5 : (value - low) / range) * (height - 2 * pad);
  const steps = values.slice(1).map((value, i) => `H${x(at[i + 1]!).toFixed(1)}V${y(value).toFixed(1)}`);
  const path = `M${length === 0 ? pad : x(start)} ${y(values[0]!).toFixed(1)}${steps.join('')}H${(width - pad).toFixed(1)}`;
  return (
    <svg className={classes.sparkline} width={width} height={height} style={{ color }} aria-hidden="true">
      <path d={path} />
      <circle cx={width - pad} cy={y(values.at(-1)!)} r={2} />
    </svg>
  );
}
