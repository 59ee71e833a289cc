import type { Isolation } from './isolation.ts';
import type { JsonObject } from './json.ts';
import type { SearchSpace } from './search-space/space.ts';

export type Direction = 'MINIMIZE' | 'MAXIMIZE';
export type Comparison = 'LESS_OR_EQUAL' | 'GREATER_OR_EQUAL';

export interface Objective {
  readonly metric: string;
  readonly direction: Direction;
}

export interface Constraint {
  readonly metric: string;
  readonly comparison: Comparison;
  readonly bound: number;
}

/** What a study is looking for: everything that samplers and pruners need to know of it. */
export interface StudyProblem {
  readonly space: SearchSpace;
  readonly objectives: readonly Objective[];
  readonly constraints: readonly Constraint[];
}

/** When a study ends by itself; every rule is optional and the first to hold ends it. */
export interface StopRules {
  readonly maxTrials?: number;
  readonly timeoutSeconds?: number;
  /** What its trials may cost: the seconds that they ran, all together, those that run now counted up to now. */
  readonly deviceSeconds?: number;
  /** Ends the study when a feasible trial reaches `value` in the objective `metric`. */
  readonly target?: { readonly metric: string; readonly value: number };
  /** Ends the study after this many finished trials without a better one (single objective) or a new one on the front. */
  readonly patience?: number;
  /** Ends a study of one objective when no setting can be better than its best trial by more than a threshold. */
  readonly regretBound?: RegretRule;
}

/** One of `threshold` and `errorMetric` is there. */
export interface RegretRule {
  /** In the units of the objective. */
  readonly threshold?: number;
  /** An objective's or constraint's metric: what the best trial reports of it is the threshold. */
  readonly errorMetric?: string;
  /** Results before the first look. */
  readonly startupTrials: number;
}

/**
 * ```
 * CREATED --start--> RUNNING --pause--> PAUSED
 *    |                |  ^  <--start------'  |
 *    |                |  '--start--.         |
 *    '----finish------'--finish--> FINISHED <'finish
 * ```
 */
export type StudyState = 'CREATED' | 'RUNNING' | 'PAUSED' | 'FINISHED';
export type StudyAction = 'start' | 'pause' | 'finish';

const transitions: Readonly<Record<StudyState, Readonly<Record<StudyAction, StudyState | null>>>> = {
  CREATED: { start: 'RUNNING', pause: null, finish: 'FINISHED' },
  RUNNING: { start: 'RUNNING', pause: 'PAUSED', finish: 'FINISHED' },
  PAUSED: { start: 'RUNNING', pause: 'PAUSED', finish: 'FINISHED' },
  FINISHED: { start: 'RUNNING', pause: null, finish: 'FINISHED' },
};

/** The state after an action, or null where the action is not allowed. */
export function nextStudyState(state: StudyState, action: StudyAction): StudyState | null {
  return transitions[state][action];
}

/** Whether metric values keep every constraint; null while a constrained metric is unknown. */
export function isFeasible(
  constraints: readonly Constraint[],
  values: Readonly<Record<string, number>>,
): boolean | null {
  let unknown = false;
  for (const constraint of constraints) {
    const value = Object.hasOwn(values, constraint.metric) ? values[constraint.metric] : undefined;
    if (value === undefined) unknown = true;
    else if (violation(constraint, value) > 0) return false;
  }
  return unknown ? null : true;
}

/** By how much a value breaks a constraint; <= 0 where it keeps it, infinite for NaN. */
export function violation(constraint: Constraint, value: number): number {
  if (Number.isNaN(value)) return Number.POSITIVE_INFINITY;
  return constraint.comparison === 'LESS_OR_EQUAL' ? value - constraint.bound : constraint.bound - value;
}

/** A study's settings as they are stored and shown, all checked. */
export interface StudySettings {
  readonly name: string;
  readonly project: string;
  readonly description: string | null;
  readonly trainable: string | null;
  readonly trainableOptions: JsonObject;
  readonly objectives: readonly Objective[];
  readonly constraints: readonly Constraint[];
  /** How samplers make one objective of several; null: they see all. The front is over all in any case. */
  readonly scalarisation: JsonObject | null;
  readonly searchSpace: JsonObject;
  readonly sampler: JsonObject;
  readonly pruner: JsonObject | null;
  readonly stopRules: StopRules;
  readonly maxConcurrentTrials: number | null;
  /** Its trials start before those of studies with a lower one; 0 by default. */
  readonly priority: number;
  /** Where its trials run; null: as its trainable says. */
  readonly isolation: Isolation | null;
  /** How long an attempt of a trial may run; null: for ever. */
  readonly trialTimeoutSeconds: number | null;
  /** How trials are started again, as far as that differs from the server's default: part of `Retries`. */
  readonly retries: JsonObject | null;
  readonly tags: readonly string[];
}
