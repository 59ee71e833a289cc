import { LiveStudyView } from '../core/live-study-view.ts';
import { createPruner } from '../core/pruners/create-pruner.ts';
import type { PruneDecision, Pruner } from '../core/pruners/pruner.ts';
import { createRandom } from '../core/random.ts';
import { createSampler } from '../core/samplers/create-sampler.ts';
import type { Sampler } from '../core/samplers/sampler.ts';
import { completeParams } from '../core/search-space/complete-params.ts';
import { parseSearchSpace } from '../core/search-space/parse-search-space.ts';
import type { Params } from '../core/search-space/space.ts';
import type { StudyProblem } from '../core/study.ts';
import type { StudyView } from '../core/study-view.ts';
import type { NamedPoints } from '../storage/metric-store.ts';
import type { StudyEventKind, StudyRecord, TrialRecord } from '../storage/records.ts';

/** An event as it is applied: numbered, with the record it left behind. */
export interface AppliedEvent {
  readonly sequence: number;
  readonly kind: StudyEventKind;
  readonly trial: TrialRecord | null;
  readonly study: StudyRecord | null;
}

/** A study in memory: what suggesting and pruning read. It follows the study's event log. */
export class LiveStudy {
  readonly problem: StudyProblem;
  readonly view: LiveStudyView;
  readonly pruner: Pruner | null;
  readonly #sampler: Sampler;
  readonly #derived = new Map<string, unknown>();
  readonly #pruneReasons = new Map<number, string>();
  #study: StudyRecord;
  #lastEvent: number;
  #isOutdated = false;
  /** Events whose predecessors are not known yet. */
  readonly #early = new Map<number, AppliedEvent>();

  constructor(study: StudyRecord, trials: readonly TrialRecord[]) {
    this.problem = {
      space: parseSearchSpace(study.searchSpace),
      objectives: study.objectives,
      constraints: study.constraints,
    };
    this.#study = study;
    this.#lastEvent = study.lastEvent;
    this.view = new LiveStudyView(this.problem);
    this.#sampler = createSampler(study.sampler, this.problem);
    this.pruner = createPruner(study.pruner, this.problem);
    for (const trial of trials) this.view.apply(trial);
  }

  get study(): StudyRecord {
    return this.#study;
  }

  get lastEvent(): number {
    return this.#lastEvent;
  }

  /** Whether the search space has changed since: to suggest from the new one, the study is loaded anew. */
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
    const before = JSON.stringify(this.#study.searchSpace);
    if (JSON.stringify(study.searchSpace) !== before) this.#isOutdated = true;
    this.#study = study;
  }

  #applyTrial(trial: TrialRecord): void {
    this.view.apply(trial);
    if (trial.state !== 'RUNNING') this.#pruneReasons.delete(trial.number);
  }

  /** What `compute` makes of the view; computed once until the study changes. */
  derive<T>(name: string, compute: (view: StudyView) => T): T {
    if (!this.#derived.has(name)) this.#derived.set(name, compute(this.view));
    return this.#derived.get(name) as T;
  }

  /** The parameters of a trial: what the client fixed, and the sampler's suggestion for the rest. */
  suggest(trialNumber: number, fixed: Params): Params {
    const random = createRandom(this.#study.seed, trialNumber);
    const suggestion = this.#sampler.suggest(this.view, trialNumber, random);
    return completeParams(this.problem.space, suggestion, fixed, random);
  }

  /** Keeps the points that the pruner looks at. */
  appendCurves(trialNumber: number, series: readonly NamedPoints[]): void {
    for (const { name, steps, values } of series) {
      if (this.pruner?.metrics.includes(name)) this.view.appendCurve(trialNumber, name, steps, values);
    }
  }

  /** Whether a running trial should be pruned. A trial once doomed stays so, and the reason is kept for its end. */
  decide(trialNumber: number): PruneDecision {
    const reason = this.#pruneReasons.get(trialNumber);
    if (reason !== undefined) return { prune: true, reason };
    const trial = this.view.trial(trialNumber);
    if (this.pruner === null || trial === undefined) return { prune: false };
    const decision = this.pruner.decide(this.view, trial);
    if (decision.prune) this.#pruneReasons.set(trialNumber, decision.reason);
    return decision;
  }

  /** Why a trial was to be pruned; null where this study did not ask for it. */
  pruneReason(trialNumber: number): string | null {
    return this.#pruneReasons.get(trialNumber) ?? null;
  }
}
