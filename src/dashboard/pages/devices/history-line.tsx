import classes from './devices.module.css';
import type { DeviceSample } from './use-device-history.ts';

const width = 240;
const height = 36;
/** A page that was just opened does not stretch its seconds over the whole line. */
const leastMs = 60_000;

/** The share of memory in use over the last minutes, from 0 to 1 from bottom to top. */
export function HistoryLine({ samples }: { readonly samples: readonly DeviceSample[] }) {
  const known = samples.filter(({ memoryShare }) => memoryShare !== null);
  const last = known.at(-1);
  if (last === undefined || known.length < 2) return null;
  const span = Math.max(leastMs, last.at - known[0]!.at);
  const x = (at: number) => width - ((last.at - at) / span) * width;
  const y = (share: number) => height - 1 - Math.min(1, share) * (height - 2);
  const line = known
    .map(({ at, memoryShare }) => `${x(at).toFixed(1)} ${y(memoryShare!).toFixed(1)}`)
    .join('L');
  const start = x(known[0]!.at).toFixed(1);
  return (
    <svg
      className={classes.history}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`Memory in use over the last ${Math.round(span / 60_000)} minutes`}
    >
      <path className={classes.area} d={`M${start} ${height}L${line}L${width} ${height}Z`} />
      <path className={classes.line} d={`M${line}`} />
    </svg>
  );
}
