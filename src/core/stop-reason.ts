import type { Result } from './pareto/front.ts';
import type { RegretRule, StopRules } from './study.ts';
import type { StudyView } from './study-view.ts';
import type { TrialView } from './trial.ts';

/** How far a study has come, as far as its trials' results do not tell. */
export interface StudyProgress {
  /** The study makes no more than this many trials. */
  readonly trialLimit: number;
  readonly trialCount: number;
  /** Trials that wait or run. */
  readonly unfinished: number;
  /** Trials that are paused by request: no end waits for them. */
  readonly held: number;
  /** How many settings the sampler has left to suggest; infinite for most. */
  readonly settingsLeft: number;
  readonly elapsedMs: number;
  /** How long its trials have run, all together. */
  readonly deviceMs: number;
  /** How much better than its best trial a setting can be, at most; null where that is not known. */
  regretBound(startupTrials: number): number | null;
}

/** Why a study should end now, in words, or null. Only COMPLETED trials that keep the constraints count as results. */
export function stopReason(rules: StopRules, study: StudyView, progress: StudyProgress): string | null {
  const { target, patience, timeoutSeconds, deviceSeconds } = rules;
  if (target !== undefined) {
    const reached = firstToReach(study, target);
    if (reached !== null) {
      const value = reached.values![target.metric];
      return `Target reached: ${target.metric} is ${value} in trial ${reached.number} (asked for: ${target.value}).`;
    }
  }
  if (timeoutSeconds !== undefined && progress.elapsedMs >= timeoutSeconds * 1000) {
    return `Time is up: ${timeoutSeconds} s.`;
  }
  if (deviceSeconds !== undefined && progress.deviceMs >= deviceSeconds * 1000) {
    return `The budget is used up: ${deviceSeconds} device-seconds.`;
  }
  if (patience !== undefined) {
    const since = study.results.sinceImprovement;
    if (since >= patience) return `No improvement for ${since} trials.`;
  }
  if (rules.regretBound !== undefined) {
    const reason = regretReason(rules.regretBound, study, progress);
    if (reason !== null) return reason;
  }
  if (progress.trialCount >= progress.trialLimit && progress.unfinished === 0) {
    return `All ${progress.trialCount} trials are ${progress.held > 0 ? 'done, or paused by request' : 'done'}.`;
  }
  if (progress.settingsLeft === 0 && progress.unfinished === 0) {
    return `All settings of the sampler are tried, in ${progress.trialCount} trials.`;
  }
  return null;
}

function firstToReach(
  study: StudyView,
  { metric, value }: NonNullable<StopRules['target']>,
): TrialView | null {
  const { results } = study;
  const { objectives } = study.problem;
  const k = objectives.findIndex((objective) => objective.metric === metric);
  const wanted = objectives[k]!.direction === 'MINIMIZE' ? value : -value;
  const reaches = ({ losses }: Result): boolean => losses[k]! <= wanted;
  // The least loss of all is on the front, which is short.
  if (!results.front.some(reaches)) return null;
  return study.trial(results.all.find(reaches)!.number)!;
}

function regretReason(rule: RegretRule, study: StudyView, progress: StudyProgress): string | null {
  const best = study.results.front[0];
  if (best === undefined) return null;
  const { errorMetric } = rule;
  const trial = study.trial(best.number)!;
  const threshold = errorMetric === undefined ? rule.threshold! : Math.abs(trial.values![errorMetric]!);
  const bound = progress.regretBound(rule.startupTrials);
  if (bound === null || !(bound <= threshold)) return null;
  const { metric } = study.problem.objectives[0]!;
  const limit =
    errorMetric === undefined
      ? `asked for: ${threshold}`
      : `its statistical error, ${errorMetric}, is ${threshold}`;
  return (
    `Little is left to gain: no setting should improve ${metric} of trial ${best.number} ` +
    `by more than ${Number(bound.toPrecision(3))} (${limit}).`
  );
}
