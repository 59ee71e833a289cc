import { UnstyledButton } from '@mantine/core';
import type { TrialCounts, TrialState } from '../../../../client/index.ts';
import { formatShortCount } from '../../../format/number.ts';
import { trialStateOrder, trialStates } from '../../../theme/trial-states.ts';
import classes from './trials-tab.module.css';

export interface StateFilterProps {
  readonly counts: TrialCounts;
  /** Undefined: all. */
  readonly states: readonly TrialState[] | undefined;
  onChange(states: readonly TrialState[] | undefined): void;
}

/** One button for each state that trials are in: those that are pressed are shown, or all where none is. */
export function StateFilter({ counts, states, onChange }: StateFilterProps) {
  const countOf = (state: TrialState) => counts[state.toLowerCase() as keyof TrialCounts];
  const present = trialStateOrder.filter((state) => countOf(state) > 0 || states?.includes(state));
  const toggle = (state: TrialState) => {
    const next = states?.includes(state)
      ? states.filter((other) => other !== state)
      : [...(states ?? []), state];
    onChange(next.length === 0 || next.length === present.length ? undefined : next);
  };
  return (
    <div className={classes.states} role="group" aria-label="States that are shown">
      {present.map((state) => (
        <UnstyledButton
          key={state}
          className={classes.state}
          aria-pressed={states?.includes(state) ?? false}
          onClick={() => toggle(state)}
        >
          <i style={{ background: trialStates[state].color }} />
          {trialStates[state].label}
          <span className="numeric">{formatShortCount(countOf(state))}</span>
        </UnstyledButton>
      ))}
    </div>
  );
}
