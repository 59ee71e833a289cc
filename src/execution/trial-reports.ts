import { conflict } from '../core/errors.ts';
import type { PruneDecision } from '../core/pruners/pruner.ts';
import type { MetricStore, NamedPoints } from '../storage/metric-store.ts';
import type { TrialRecord } from '../storage/records.ts';
import type { StudyCommit } from '../storage/study-writer.ts';
import type { TrialStore } from '../storage/trial-store.ts';
import type { LiveStudies } from './live-studies.ts';
import type { LiveStudy } from './live-study.ts';
import { RunningTrials } from './running-trials.ts';
import { checkAttempt } from './trial-changes.ts';
import { pausedByRequest } from './trial-pauses.ts';

export interface ReportRequest {
  readonly trialId: number;
  /** Absent: whatever attempt runs now. */
  readonly attempt?: number | null | undefined;
  readonly batch?: number | null | undefined;
  readonly series: readonly NamedPoints[];
}

export interface ReportOutcome {
  /** Points stored by this report, or by the one that it repeats. */
  readonly accepted: number;
  /** PAUSE: save a checkpoint and give the trial back, to go on from it when it is promoted or resumed. */
  readonly action: PruneDecision['action'];
  /** Whether the action is another one than to go on. */
  readonly shouldStop: boolean;
  readonly reason: string | null;
}

/** What trials report: it is stored, and answered with whether the trial should go on. */
export class TrialReports {
  readonly #trials: TrialStore;
  readonly #metrics: MetricStore;
  readonly #live: LiveStudies;
  readonly #now: () => Date;
  readonly #onDecision: (trial: TrialRecord, outcome: ReportOutcome) => void;
  readonly #running = new RunningTrials();

  constructor(parts: {
    trials: TrialStore;
    metrics: MetricStore;
    live: LiveStudies;
    now: () => Date;
    onDecision: (trial: TrialRecord, outcome: ReportOutcome) => void;
  }) {
    this.#trials = parts.trials;
    this.#metrics = parts.metrics;
    this.#live = parts.live;
    this.#now = parts.now;
    this.#onDecision = parts.onDecision;
  }

  /** Learns from a commit of this process which trials run. */
  apply(commit: StudyCommit): void {
    this.#running.apply(commit);
  }

  /** Stores metric points and says whether the trial should go on. */
  async report(request: ReportRequest): Promise<ReportOutcome> {
    const stored = await this.#store(request);
    if (stored === null) return cancelledMeanwhile;
    const { trial, points } = stored;
    const live = await this.#live.get(trial.studyId);
    const decision = decide(live, trial, live.report(trial.number, request.series));
    const { action } = decision;
    if (action === 'CONTINUE') return { accepted: points, action, shouldStop: false, reason: null };
    const outcome = { accepted: points, action, shouldStop: true, reason: decision.reason };
    this.#onDecision(trial, outcome);
    return outcome;
  }

  /**
   * The first half of a report whose trial runs in this process: says at once whether it should go on. The points are
   * stored by `keep`, with those that come meanwhile.
   */
  async judge({ studyId, number }: TrialRecord, series: readonly NamedPoints[]): Promise<PruneDecision> {
    return (await this.#live.get(studyId)).report(number, series);
  }

  /** The second half: stores points that are judged. @returns false where the trial was cancelled meanwhile */
  async keep(request: ReportRequest): Promise<boolean> {
    const stored = await this.#store(request);
    if (stored === null) return false;
    // A study that was loaded anew since they were judged has not heard of them.
    (await this.#live.get(stored.trial.studyId)).appendCurves(stored.trial.number, request.series);
    return true;
  }

  /** @returns null where the trial was cancelled meanwhile */
  async #store(request: ReportRequest): Promise<{ trial: TrialRecord; points: number } | null> {
    const known = this.#running.find(request.trialId, request.attempt);
    const trial = known ?? (await this.#trials.get(request.trialId));
    checkAttempt(trial, request.attempt);
    if (known === undefined) this.#running.remember(trial);
    const points = request.series.reduce((sum, series) => sum + series.steps.length, 0);
    const result = await this.#metrics.append({
      studyId: trial.studyId,
      trialId: trial.id,
      attempt: request.attempt ?? trial.attempt,
      batch: request.batch ?? null,
      series: request.series,
    });
    if (result.outcome === 'refused') {
      this.#running.forget(trial.id);
      // What was known may be outdated.
      return known === undefined ? this.#refuse(request) : this.#store(request);
    }
    await this.#keepLease(trial);
    return { trial, points };
  }

  /** Whoever reports is alive: a lease that is half over is prolonged. */
  async #keepLease({ id, attempt, leaseUntil, leaseMs }: TrialRecord): Promise<void> {
    const now = this.#now().getTime();
    if (leaseUntil === null || leaseMs === null || leaseUntil.getTime() - now > leaseMs / 2) return;
    const [renewed] = await this.#trials.renewLeases([{ id, attempt }], new Date(now + leaseMs));
    if (renewed !== undefined) this.#running.remember(renewed);
  }

  /** That a trial was cancelled meanwhile is an outcome; any other refusal is an error. */
  async #refuse(request: ReportRequest): Promise<null> {
    const trial = await this.#trials.get(request.trialId);
    checkAttempt(trial, request.attempt);
    if (trial.state === 'CANCELLED') return null;
    throw conflict(
      trial.state === 'QUEUED'
        ? `Trial ${trial.number} is QUEUED: its lease ended. Ask again with askTrials; heartbeatTrials keeps a lease.`
        : `Trial ${trial.number} is ${trial.state}; only a RUNNING trial can report metrics.`,
      { state: trial.state, attempt: trial.attempt },
    );
  }
}

const cancelledMeanwhile: ReportOutcome = {
  accepted: 0,
  action: 'STOP',
  shouldStop: true,
  reason: 'The trial was cancelled.',
};

/** What the pruner says, unless somebody wants the trial to pause and it would go on. */
function decide(live: LiveStudy, { number }: TrialRecord, decision: PruneDecision): PruneDecision {
  const pauses = decision.action === 'CONTINUE' && live.isPausing(number);
  return pauses ? { action: 'PAUSE', reason: pausedByRequest } : decision;
}
