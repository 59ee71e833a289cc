import { lastStep } from '../core/curve.ts';
import { LiveStudyView, type TrialChange } from '../core/live-study-view.ts';
import { createScalarisation } from '../core/pareto/scalarisation/create-scalarisation.ts';
import { ScalarisedStudy, scalarisedProblem } from '../core/pareto/scalarisation/scalarised-study.ts';
import { createPruner } from '../core/pruners/create-pruner.ts';
import {
  goOn,
  type Progress,
  type Promotion,
  type PruneDecision,
  type Pruner,
} from '../core/pruners/pruner.ts';
import { createRandom } from '../core/random.ts';
import { RegretWatch } from '../core/regret/regret-watch.ts';
import { createSampler } from '../core/samplers/create-sampler.ts';
import type { Sampler } from '../core/samplers/sampler.ts';
import { completeParams } from '../core/search-space/complete-params.ts';
import { isActive } from '../core/search-space/condition.ts';
import { defaultsOf, withDefaults } from '../core/search-space/defaults.ts';
import { parseSearchSpace } from '../core/search-space/parse-search-space.ts';
import type { Params } from '../core/search-space/space.ts';
import type { StudyProblem } from '../core/study.ts';
import type { StudyView } from '../core/study-view.ts';
import { isHeld, isPaused } from '../core/trial.ts';
import type { TrialDetails } from '../core/trial-list/listed-trials.ts';
import { TrialList } from '../core/trial-list/trial-list.ts';
import type { NamedPoints, SeriesDelta } from '../storage/metric-store.ts';
import type { StudyEventKind, StudyRecord, TrialRecord } from '../storage/records.ts';
import type { TrialOutcome } from '../storage/trial-store.ts';

/** An event as it is applied: numbered, with the record it left behind. */
export interface AppliedEvent {
  readonly sequence: number;
  readonly kind: StudyEventKind;
  readonly trial: TrialRecord | null;
  readonly study: StudyRecord | null;
}

/** The names hold what clients asked for, so there is no end to them. */
const maxDerived = 100;

/** A study in memory: what suggesting and pruning read. It follows the study's event log. */
export class LiveStudy {
  readonly problem: StudyProblem;
  readonly view: LiveStudyView;
  /** The trials in any order and under any filter. */
  readonly list: TrialList;
  readonly pruner: Pruner | null;
  readonly #durationsMs = new Map<number, number>();
  /** What only lists of trials show, by number. */
  readonly #details = new Map<number, TrialDetails>();
  /** The sum of the durations. */
  #endedMs = 0;
  /** When those that run have started, in milliseconds since 1970. */
  readonly #startsMs = new Map<number, number>();
  readonly #sampler: Sampler;
  /** What the sampler sees where the study has a scalarisation. */
  readonly #scalarised: ScalarisedStudy | null;
  readonly #regret: RegretWatch;
  readonly #derived = new Map<string, unknown>();
  /** What was decided against trials that run, until they act on it. */
  readonly #decisions = new Map<number, PruneDecision>();
  /** Numbers of trials by their ids, where there is a pruner. */
  readonly #numbers = new Map<number, number>();
  #lastMetricCommit = 0;
  /** Those that run though somebody has paused them. */
  readonly #pausing = new Set<number>();
  #study: StudyRecord;
  #lastEvent: number;
  #isOutdated = false;
  /** Events whose predecessors are not known yet. */
  readonly #early = new Map<number, AppliedEvent>();

  /** `trials` in the order in which they ended. */
  constructor(study: StudyRecord, trials: readonly TrialOutcome[]) {
    this.problem = {
      space: parseSearchSpace(study.searchSpace),
      objectives: study.objectives,
      constraints: study.constraints,
    };
    this.#study = study;
    this.#lastEvent = study.lastEvent;
    this.view = new LiveStudyView(this.problem);
    const scalarisation = study.scalarisation && createScalarisation(study.scalarisation, study.objectives);
    this.#scalarised = scalarisation && new ScalarisedStudy(this.view, scalarisation);
    this.#sampler = createSampler(
      { ...study.sampler, seed: study.seed },
      scalarisation ? scalarisedProblem(this.problem, scalarisation) : this.problem,
    );
    this.#regret = new RegretWatch(study.seed);
    this.pruner = createPruner(study.pruner, this.problem);
    this.list = new TrialList({
      trial: (number) => this.view.trial(number),
      durationMs: (number) => this.#durationsMs.get(number),
      details: (number) => this.#details.get(number),
    });
    for (const trial of trials) this.#keep(trial);
  }

  get study(): StudyRecord {
    return this.#study;
  }

  get lastEvent(): number {
    return this.#lastEvent;
  }

  /** All points of the study's metrics up to this commit are known, as far as the pruner looks at them. */
  get lastMetricCommit(): number {
    return this.#lastMetricCommit;
  }

  /** How long its trials have run, all together, at a time in milliseconds since 1970. */
  deviceMs(now: number): number {
    let sum = this.#endedMs;
    for (const start of this.#startsMs.values()) sum += Math.max(0, now - start);
    return sum;
  }

  /** Whether the search space or the scalarisation has changed since: to suggest from the new one, the study is loaded anew. */
  get isOutdated(): boolean {
    return this.#isOutdated;
  }

  /** Applies events in their order: those that are applied already are skipped, those after a gap wait until it closes. */
  apply(events: readonly AppliedEvent[]): void {
    for (const event of events) {
      if (event.sequence > this.#lastEvent) this.#early.set(event.sequence, event);
    }
    for (;;) {
      const next = this.#early.get(this.#lastEvent + 1);
      if (next === undefined) return;
      this.#early.delete(next.sequence);
      if (next.trial !== null) this.#applyTrial(next.trial);
      if (next.study !== null) this.#applyStudy(next.study);
      this.#lastEvent = next.sequence;
      this.#derived.clear();
    }
  }

  #applyStudy(study: StudyRecord): void {
    const searched = (record: StudyRecord) => JSON.stringify([record.searchSpace, record.scalarisation]);
    if (searched(study) !== searched(this.#study)) this.#isOutdated = true;
    this.#study = study;
  }

  #applyTrial(trial: TrialRecord): void {
    const { startedAt, finishedAt } = trial;
    const hasRun = startedAt !== null && finishedAt !== null;
    const durationMs = hasRun ? finishedAt.getTime() - startedAt.getTime() : null;
    this.#keep({ ...trial, durationMs, startedMs: startedAt?.getTime() ?? null });
    if (trial.state !== 'RUNNING') this.#decisions.delete(trial.number);
  }

  #keep({ durationMs, startedMs, ...trial }: Omit<TrialOutcome, 'finishedMs'>): void {
    this.#change({
      ...trial,
      params: this.#paramsInSpace(trial),
      paused: isPaused(trial),
      held: isHeld(trial),
    });
    if (this.pruner !== null) this.#numbers.set(trial.id, trial.number);
    const { attempt, device, tags, notes } = trial;
    const started = startedMs === null ? null : Math.round(startedMs);
    this.#details.set(trial.number, { startedMs: started, attempt, device, tags, notes });
    this.#endedMs += (durationMs ?? 0) - (this.#durationsMs.get(trial.number) ?? 0);
    if (durationMs === null) this.#durationsMs.delete(trial.number);
    else this.#durationsMs.set(trial.number, durationMs);
    if (trial.state === 'RUNNING' && startedMs !== null) this.#startsMs.set(trial.number, startedMs);
    else this.#startsMs.delete(trial.number);
    if (trial.state === 'RUNNING' && trial.held) this.#pausing.add(trial.number);
    else this.#pausing.delete(trial.number);
    this.list.change(trial.number);
  }

  /** A trial from before a parameter was added counts as one with its default. */
  #paramsInSpace({ state, params }: TrialChange): Params {
    return state === 'QUEUED' ? params : withDefaults(this.problem.space, params);
  }

  /** Notes that a trial is about to run, so that the next suggestion knows of it. */
  expect(number: number, params: Params): void {
    this.#change({ number, state: 'RUNNING', params, values: null, feasible: null });
  }

  #change(trial: TrialChange): void {
    this.view.apply(trial);
    this.#scalarised?.apply(trial);
  }

  /** How long trials ran, by number; those that have not ended or never started are missing. */
  get durationsMs(): ReadonlyMap<number, number> {
    return this.#durationsMs;
  }

  /** What `compute` makes of the view; computed once until the study changes. Only the newest hundred are kept. */
  derive<T>(name: string, compute: (view: StudyView) => T): T {
    if (!this.#derived.has(name)) {
      this.#derived.set(name, compute(this.view));
      if (this.#derived.size > maxDerived) this.#derived.delete(this.#derived.keys().next().value!);
    }
    return this.#derived.get(name) as T;
  }

  /** What `derive` has computed by this name; undefined where the study has changed since. */
  derived<T>(name: string): T | undefined {
    return this.#derived.get(name) as T | undefined;
  }

  /** The parameters of a trial: what the client fixed, and the sampler's suggestion for the rest. */
  suggest(trialNumber: number, fixed: Params): Params {
    const { space } = this.problem;
    const random = createRandom(this.#study.seed, trialNumber);
    // The first trial is what its users already have: the others are measured against it.
    const isStart =
      trialNumber === 0 && space.parameters.some((parameter) => parameter.default !== undefined);
    if (isStart) return completeParams(space, defaultsOf(space), fixed, random);
    // Nothing is left to suggest for a trial that was suggested before and has waited.
    const isWhole = space.parameters.every(
      (parameter) => Object.hasOwn(fixed, parameter.name) || !isActive(parameter, fixed),
    );
    const seen = this.#scalarised?.view ?? this.view;
    const suggestion = isWhole ? {} : this.#sampler.suggest(seen, trialNumber, random);
    return completeParams(space, suggestion, fixed, random);
  }

  /** How many settings the sampler has left to suggest; infinite for most. */
  get settingsLeft(): number {
    return this.#sampler.settingsLeft?.(this.view) ?? Number.POSITIVE_INFINITY;
  }

  /** How much better than its best trial a setting can be; null with fewer results than `startupTrials`. */
  regretBound(startupTrials: number): number | null {
    return this.#regret.bound(this.view, startupTrials);
  }

  /** Keeps the points that the pruner looks at. */
  appendCurves(trialNumber: number, series: readonly NamedPoints[]): void {
    for (const { name, steps, values } of series) {
      if (this.pruner?.metrics.includes(name)) this.view.appendCurve(trialNumber, name, steps, values);
    }
  }

  /** Takes in points as they were stored, whoever has reported them, up to a commit. */
  appendDeltas(deltas: readonly SeriesDelta[], commit: number): void {
    for (const { trialId, ...series } of deltas) {
      const number = this.#numbers.get(trialId);
      if (number !== undefined) this.appendCurves(number, [series]);
    }
    this.#lastMetricCommit = commit;
  }

  /**
   * Takes in a report and says whether its trial should go on. What was once decided against a trial stands, whatever
   * it reports until it acts on it.
   */
  report(trialNumber: number, series: readonly NamedPoints[]): PruneDecision {
    if (this.pruner === null) return goOn;
    const before = this.#progress(trialNumber);
    this.appendCurves(trialNumber, series);
    const decided = this.#decisions.get(trialNumber);
    if (decided !== undefined) return decided;
    const decision = this.#judge(trialNumber, before);
    const runs = this.view.running.has(trialNumber);
    if (runs && decision.action !== 'CONTINUE') this.#decisions.set(trialNumber, decision);
    return decision;
  }

  #judge(trialNumber: number, before: Progress): PruneDecision {
    const trial = this.view.trial(trialNumber);
    return trial === undefined ? goOn : (this.pruner?.decide(this.view, trial, before) ?? goOn);
  }

  #progress(trialNumber: number): Progress {
    const progress = new Map<string, number>();
    for (const [metric, curve] of this.view.trial(trialNumber)?.curves ?? []) {
      const step = lastStep(curve);
      if (step !== undefined) progress.set(metric, step);
    }
    return progress;
  }

  /** What this study has decided against a running trial; null where it may go on. */
  decision(trialNumber: number): Exclude<PruneDecision, { action: 'CONTINUE' }> | null {
    const decision = this.#decisions.get(trialNumber);
    return decision === undefined || decision.action === 'CONTINUE' ? null : decision;
  }

  /** Whether a trial runs that somebody has paused: its worker is to give it back. */
  isPausing(trialNumber: number): boolean {
    return this.#pausing.has(trialNumber);
  }

  /** Why a trial that its worker gives back is paused: as was decided, or as it would be now. */
  pauseReason(trialNumber: number): string {
    const decided = this.decision(trialNumber) ?? this.#judge(trialNumber, new Map());
    return decided.action === 'CONTINUE' ? 'Paused by its worker' : decided.reason;
  }

  /**
   * The paused trial that goes on before any new one is tried, or null. Where the study makes no more than `trialLimit`
   * trials, and none that is left starts by itself, the best of them goes on in any case until one has completed: no study
   * ends without a result because it was too small for its rungs.
   */
  promote(trialLimit: number): Promotion | null {
    const { completed, running, total } = this.view.trialCounts;
    const areAllPaused = running === 0 && this.view.waitingCount === 0;
    const isFull = total >= trialLimit || this.settingsLeft <= 0;
    return this.pruner?.promote?.(this.view, areAllPaused && isFull && completed === 0) ?? null;
  }
}
