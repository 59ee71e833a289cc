import type { Objective, StopRules } from './study.ts';
import type { StudyView } from './study-view.ts';
import type { TrialView } from './trial.ts';

/** How far a study has come, as far as its trials' results do not tell. */
export interface StudyProgress {
  /** The study makes no more than this many trials. */
  readonly trialLimit: number;
  readonly trialCount: number;
  /** Trials that wait or run. */
  readonly unfinished: number;
  /** How many settings the sampler has left to suggest; infinite for most. */
  readonly settingsLeft: number;
  readonly elapsedMs: number;
}

/** Why a study should end now, in words, or null. Only COMPLETED trials that keep the constraints count as results. */
export function stopReason(rules: StopRules, study: StudyView, progress: StudyProgress): string | null {
  const { target, patience, timeoutSeconds } = rules;
  if (target !== undefined) {
    const objective = study.problem.objectives.find(({ metric }) => metric === target.metric)!;
    const reached = study.observed.find(
      (trial) => isResult(trial) && isAtLeast(objective, trial.values![target.metric]!, target.value),
    );
    if (reached !== undefined) {
      const value = reached.values![target.metric];
      return `Target reached: ${target.metric} is ${value} in trial ${reached.number} (asked for: ${target.value}).`;
    }
  }
  if (timeoutSeconds !== undefined && progress.elapsedMs >= timeoutSeconds * 1000) {
    return `Time is up: ${timeoutSeconds} s.`;
  }
  if (patience !== undefined) {
    const since = trialsSinceImprovement(study);
    if (since >= patience) return `No improvement for ${since} trials.`;
  }
  if (progress.trialCount >= progress.trialLimit && progress.unfinished === 0) {
    return `All ${progress.trialCount} trials are done.`;
  }
  if (progress.settingsLeft === 0 && progress.unfinished === 0) {
    return `All settings of the sampler are tried, in ${progress.trialCount} trials.`;
  }
  return null;
}

/** How many trials ended after the last one that was better than all before it (several objectives: not dominated). */
function trialsSinceImprovement({ observed, problem: { objectives } }: StudyView): number {
  let best: TrialView[] = [];
  let lastImprovement = -1;
  observed.forEach((trial, i) => {
    if (!isResult(trial) || best.some((other) => isNoWorse(objectives, other, trial))) return;
    best = [...best.filter((other) => !isNoWorse(objectives, trial, other)), trial];
    lastImprovement = i;
  });
  return observed.length - 1 - lastImprovement;
}

function isResult(trial: TrialView): boolean {
  return trial.state === 'COMPLETED' && trial.feasible !== false && trial.values !== null;
}

function isNoWorse(objectives: readonly Objective[], a: TrialView, b: TrialView): boolean {
  return objectives.every((objective) =>
    isAtLeast(objective, a.values![objective.metric]!, b.values![objective.metric]!),
  );
}

function isAtLeast({ direction }: Objective, value: number, bound: number): boolean {
  return direction === 'MAXIMIZE' ? value >= bound : value <= bound;
}
