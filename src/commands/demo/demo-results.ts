import type { Params, Study, TrialData, Values } from '../../client/index.ts';
import { accuracyMetric } from './demo-study.ts';

/** What came of the demo; `--json` prints `summaryOf` it. */
export interface DemoResults {
  /** By number. */
  readonly trials: readonly TrialData[];
  /** The most accurate of the completed trials; null where there is none. */
  readonly best: TrialData | null;
  /** The Pareto front of accuracy and seconds, most accurate first. */
  readonly front: readonly TrialData[];
  readonly seconds: number;
  /** Events received. */
  readonly events: number;
}

export async function readResults(
  study: Study,
  { seconds, events }: Pick<DemoResults, 'seconds' | 'events'>,
): Promise<DemoResults> {
  const trials: TrialData[] = [];
  for await (const trial of study.trials()) trials.push(trial.data);
  const front = (await study.bestTrials({ first: trials.length })).map((trial) => trial.data);
  front.sort((a, b) => accuracyOf(b) - accuracyOf(a));
  // What is most accurate of all is on the front.
  return { trials, best: front[0] ?? null, front, seconds, events };
}

export function summaryOf({ trials, best, front, seconds, events }: DemoResults) {
  const count = (state: TrialData['state']): number => trials.filter((trial) => trial.state === state).length;
  return {
    trials: trials.length,
    completed: count('COMPLETED'),
    pruned: count('PRUNED'),
    infeasible: count('INFEASIBLE'),
    failed: count('FAILED'),
    best: best && resultOf(best),
    front: front.map((trial) => ({ number: trial.number, ...resultOf(trial) })),
    backend: trials.find((trial) => trial.backend !== null)?.backend ?? null,
    seconds,
    events,
  };
}

export function accuracyOf(trial: TrialData): number {
  return trial.values?.[accuracyMetric] ?? Number.NaN;
}

function resultOf({ values, params }: TrialData): { values: Values | null; params: Params } {
  return { values, params };
}
