import type { TrialCounts } from '../../client/index.ts';
import { formatCount } from '../format/number.ts';
import { countedStates, trialStates } from '../theme/trial-states.ts';
import classes from './trial-counts-bar.module.css';

export interface TrialCountsBarProps {
  readonly counts: TrialCounts;
  /** How many trials there shall be; as many as there are where absent. */
  readonly target?: number | null;
}

/** A bar of the trials by their states, out of those that there shall be. */
export function TrialCountsBar({ counts, target }: TrialCountsBarProps) {
  const all = Math.max(counts.total, target ?? 0, 1);
  const parts = countedStates
    .map((state) => ({ state, count: counts[countOf(state)] }))
    .filter(({ count }) => count > 0);
  const words = parts.map(
    ({ state, count }) => `${formatCount(count)} ${trialStates[state].label.toLowerCase()}`,
  );
  return (
    <div
      className={classes.bar}
      role="img"
      aria-label={words.join(', ') || 'no trials'}
      title={words.join(', ')}
    >
      {parts.map(({ state, count }) => (
        <i
          key={state}
          style={{ width: `${(count / all) * 100}%`, background: trialStates[state].color }}
          data-running={state === 'RUNNING' || undefined}
        />
      ))}
    </div>
  );
}

function countOf(state: (typeof countedStates)[number]): Exclude<keyof TrialCounts, 'total'> {
  return state.toLowerCase() as Exclude<keyof TrialCounts, 'total'>;
}
