import type { TrialState } from '../../client/index.ts';
import { trialStates } from '../theme/trial-states.ts';
import classes from './state-mark.module.css';

/** A trial's state: a coloured dot, which breathes while it runs, and the word, or a better one. */
export function TrialStateMark({ state, word }: { readonly state: TrialState; readonly word?: string }) {
  const { label, color } = trialStates[state];
  return (
    <span className={classes.mark} data-running={state === 'RUNNING' || undefined}>
      <i style={{ background: color }} />
      {word ?? label}
    </span>
  );
}
