import { isResult } from '../importance/trial-order.ts';
import type { StudyView } from '../study-view.ts';
import type { TrialState, TrialView } from '../trial.ts';
import type { Evidence } from './evidence.ts';
import { hoursOf, showCount, showHours, showPercent } from './phrases.ts';

/** Why a trial did not give what was looked for. */
export type Fruitless = 'DOMINATED' | 'PRUNED' | 'INFEASIBLE' | 'FAILED';

/** The trials that ended so: how many, and what they took. */
export interface SpentTrials {
  readonly outcome: Fruitless;
  readonly trials: number;
  /** Of all trials that ended, those that were cancelled apart. */
  readonly share: number;
  readonly deviceHours: number;
  readonly sentence: string;
}

const endings: Readonly<Record<Fruitless, readonly [singular: string, plural: string]>> = {
  DOMINATED: ['is dominated by another', 'are dominated by others'],
  PRUNED: ['was pruned', 'were pruned'],
  INFEASIBLE: ['broke a constraint', 'broke a constraint'],
  FAILED: ['failed', 'failed'],
};

/** Every outcome that occurred. With one objective no trial counts as dominated: then all but the best would be. */
export function spentTrials(
  study: StudyView,
  { order, objectives }: Evidence,
  durationsMs: ReadonlyMap<number, number>,
): SpentTrials[] {
  const trials: Record<Fruitless, number> = { DOMINATED: 0, PRUNED: 0, INFEASIBLE: 0, FAILED: 0 };
  const spentMs: Record<Fruitless, number> = { DOMINATED: 0, PRUNED: 0, INFEASIBLE: 0, FAILED: 0 };
  const count = (outcome: Fruitless, { number }: { readonly number: number }): void => {
    trials[outcome]++;
    spentMs[outcome] += Math.round(durationsMs.get(number) ?? 0);
  };
  order.trials.forEach((trial, i) => {
    const isDominated =
      objectives.length > 1 && order.keys[i]! > 0 && order.keys[i]! < Number.POSITIVE_INFINITY;
    const outcome = outcomeOf(trial) ?? (isDominated ? 'DOMINATED' : null);
    if (outcome !== null) count(outcome, trial);
  });
  // A trial that failed is no observation, but it ran.
  for (const number of durationsMs.keys()) {
    if (study.trial(number)?.state === ('FAILED' satisfies TrialState)) count('FAILED', { number });
  }
  const ended = order.trials.length + trials.FAILED;
  return (Object.keys(endings) as Fruitless[])
    .filter((outcome) => trials[outcome] > 0)
    .map((outcome) => {
      const ending = endings[outcome][trials[outcome] === 1 ? 0 : 1];
      const deviceHours = hoursOf(spentMs[outcome]);
      const cost = deviceHours > 0 ? `; that took ${showHours(deviceHours)}` : '';
      const share = trials[outcome] / ended;
      const sentence = `${showCount(trials[outcome], 'trial')} (${showPercent(share)}) ${ending}${cost}.`;
      return { outcome, trials: trials[outcome], share, deviceHours, sentence };
    });
}

function outcomeOf(trial: TrialView): Fruitless | null {
  if (trial.state === 'PRUNED') return 'PRUNED';
  return isResult(trial) ? null : 'INFEASIBLE';
}
