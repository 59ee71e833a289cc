import type { TrialCounts } from '../../../../client/index.ts';
import { Panel } from '../../../charts/parts/panel.tsx';
import { formatCount } from '../../../format/number.ts';
import { TrialCountsBar } from '../../../parts/trial-counts-bar.tsx';
import { TrialStateMark } from '../../../parts/trial-state-mark.tsx';
import { countedStates } from '../../../theme/trial-states.ts';
import classes from './overview.module.css';

/** How many trials there are in each state, as a bar and in numbers. */
export function StatePanel({ counts }: { readonly counts: TrialCounts }) {
  const shown = countedStates
    .map((state) => ({ state, count: counts[state.toLowerCase() as keyof TrialCounts] }))
    .filter(({ count }) => count > 0);
  if (shown.length === 0) return null;
  return (
    <Panel title="Trials" note={<span className="numeric">{formatCount(counts.total)}</span>}>
      <div className={classes.states}>
        <TrialCountsBar counts={counts} />
        <dl className={classes.counts}>
          {shown.map(({ state, count }) => (
            <div key={state}>
              <dt>
                <TrialStateMark state={state} />
              </dt>
              <dd className="numeric">{formatCount(count)}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Panel>
  );
}
