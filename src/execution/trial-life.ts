import { conflict, InputError, notFound } from '../core/errors.ts';
import type { PruneDecision } from '../core/pruners/pruner.ts';
import type { Retries } from '../core/retries.ts';
import { validateParams } from '../core/search-space/validate-params.ts';
import { storableText } from '../core/text-fault.ts';
import { isFinal, isHeld, isPaused, type TrialState } from '../core/trial.ts';
import type { MetricStore, NamedPoints } from '../storage/metric-store.ts';
import type { StudyRecord, TrialRecord } from '../storage/records.ts';
import type { StudyChange } from '../storage/study-change.ts';
import type { StudyCommit, StudyWriter } from '../storage/study-writer.ts';
import type { TrialStore } from '../storage/trial-store.ts';
import { type AskRequest, askTrials } from './ask-trials.ts';
import { finalValues, lastReported } from './final-values.ts';
import type { LiveStudies } from './live-studies.ts';
import type { LiveStudy } from './live-study.ts';
import { RunningTrials } from './running-trials.ts';
import { started } from './study-changes.ts';
import {
  cancelled,
  checkAttempt,
  ended,
  lost,
  paused,
  released,
  requeued,
  retried,
  type TrialChange,
} from './trial-changes.ts';
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

export interface TellRequest {
  readonly trialId: number;
  readonly attempt?: number | null | undefined;
  readonly state: TrialState;
  readonly values?: unknown;
  readonly error?: string | null | undefined;
  /** The most memory that it had, in bytes. */
  readonly peakBytes?: number | null | undefined;
  /** False: a trial that FAILED would fail again, so it is not retried whatever its study says. True by default. */
  readonly retry?: boolean | null | undefined;
  /** Where the request stands among others, for the paths of its faults. */
  readonly path?: string;
}

/** Ask, report, tell: the only functions that change trials, whoever runs them. */
export class TrialLife {
  readonly #writer: StudyWriter;
  readonly #trials: TrialStore;
  readonly #metrics: MetricStore;
  readonly #live: LiveStudies;
  readonly #retries: Retries;
  readonly #now: () => Date;
  readonly #onDecision: (trial: TrialRecord, outcome: ReportOutcome) => void;
  readonly #running = new RunningTrials();

  constructor(parts: {
    writer: StudyWriter;
    trials: TrialStore;
    metrics: MetricStore;
    live: LiveStudies;
    /** What holds where a study says nothing. */
    retries: Retries;
    /** The time of all servers. */
    now: () => Date;
    /** Called with the answer to a report, whoever has sent it, unless it is to go on. */
    onDecision: (trial: TrialRecord, outcome: ReportOutcome) => void;
  }) {
    this.#writer = parts.writer;
    this.#trials = parts.trials;
    this.#metrics = parts.metrics;
    this.#live = parts.live;
    this.#retries = parts.retries;
    this.#now = parts.now;
    this.#onDecision = parts.onDecision;
  }

  /** Queues trials with all or some of their parameters fixed; the sampler chooses the others when they start. */
  async enqueue(studyId: number, params: readonly unknown[]): Promise<TrialRecord[]> {
    const live = await this.#live.get(studyId);
    const checked = params.map((entry, i) => ({
      params: validateParams(live.problem.space, entry, `params[${i}]`),
    }));
    return this.#writer.change(studyId, (change) => change.insertTrials('TRIAL_QUEUED', checked));
  }

  /**
   * Starts up to `count` trials: queued ones first, then paused ones that the pruner promotes, then new suggestions.
   * Fewer, or none, when the study is paused or finished, has reached its limits or has tried all that its sampler has.
   */
  async ask(request: AskRequest): Promise<TrialRecord[]> {
    const live = await this.#live.get(request.studyId);
    try {
      return await this.#writer.change(request.studyId, (change) => this.#ask(change, live, request));
    } catch (error) {
      // Suggestions of this call may already stand in the live study.
      this.#live.drop(request.studyId);
      throw error;
    }
  }

  async #ask(change: StudyChange, live: LiveStudy, request: AskRequest): Promise<TrialRecord[]> {
    const now = this.#now();
    if (change.study.state === 'PAUSED' || change.study.state === 'FINISHED') return [];
    await this.#live.catchUp(live, change.study.lastEvent, change.client);
    if (change.study.state === 'CREATED') change.saveStudy('STUDY_STARTED', started(change.study, now));

    return askTrials(change, live, request, now);
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
    if (leaseUntil === null || leaseMs === null || leaseUntil.getTime() - this.#now().getTime() > leaseMs / 2)
      return;
    const [renewed] = await this.#trials.renewLeases([{ id, attempt }], this.#leaseUntil(leaseMs));
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

  /** Ends a trial. Telling the same end twice is harmless. */
  async tell(request: TellRequest): Promise<TrialRecord> {
    const [trial] = await this.tellMany([request]);
    return trial!;
  }

  /** Ends trials, all or none of one study together; results in the order of the requests. */
  async tellMany(requests: readonly TellRequest[]): Promise<TrialRecord[]> {
    const trials = await this.#trials.findMany(requests.map((request) => request.trialId));
    const told = new Map<TellRequest, TrialRecord>();
    for (const [studyId, group] of groupByStudy(requests, trials)) {
      const live = await this.#live.get(studyId);
      // Before the transaction: in it, all other connections may be taken by those that wait for its lock.
      const reported = await lastReported(
        this.#metrics,
        group.map((request) => request.trialId),
        live.problem,
      );
      const results = await this.#writer.change(studyId, async (change) => {
        const current = new Map(
          (await change.trials(group.map((request) => request.trialId))).map((t) => [t.id, t]),
        );
        const outcomes: [TellRequest, TrialRecord][] = [];
        for (const request of group) {
          const before = current.get(request.trialId)!;
          const trial = withPath(request.path, () =>
            this.#tell(change, live, before, request, reported.get(before.id)!),
          );
          current.set(trial.id, trial);
          outcomes.push([request, trial]);
        }
        return outcomes;
      });
      for (const [request, trial] of results) told.set(request, trial);
    }
    return requests.map((request) => told.get(request)!);
  }

  #tell(
    change: StudyChange,
    live: LiveStudy,
    trial: TrialRecord,
    request: TellRequest,
    reported: ReadonlyMap<string, number>,
  ): TrialRecord {
    checkAttempt(trial, request.attempt);
    const state = request.state;
    if (!isFinal(state)) {
      throw InputError.at(
        'state',
        `must be COMPLETED, PRUNED, INFEASIBLE, FAILED or CANCELLED, not ${state}`,
      );
    }
    // A repeated PRUNED of a trial that was paused instead.
    if (state === 'PRUNED' && (isPaused(trial) || isHeld(trial))) return trial;
    if (trial.state === state || (trial.state === 'INFEASIBLE' && state === 'COMPLETED')) return trial;
    const values = finalValues(live.problem, state, request.values, reported);
    const decision = state === 'PRUNED' ? live.decision(trial.number) : null;
    // A worker that knows nothing of pauses prunes what it should give back; its trial starts anew when promoted.
    if (decision?.action === 'PAUSE') {
      const { kind, trial: waiting } = paused(trial, decision.reason, values);
      return change.saveTrial(kind, waiting);
    }
    if (state === 'PRUNED' && decision === null && trial.held) {
      const { kind, trial: waiting } = released(trial);
      return change.saveTrial(kind, waiting);
    }
    const error = request.error == null ? null : storableText(request.error);
    if (state === 'FAILED' && request.retry !== false) {
      // Told again after it was queued for its next attempt.
      if (trial.state === 'QUEUED' && trial.retryAt !== null) return trial;
      const retries = this.#retriesOf(change);
      if (trial.failures < retries.failed) {
        const { kind, trial: waiting } = retried(trial, retries, error, this.#now(), Math.random());
        return change.saveTrial(kind, waiting);
      }
    }
    const pruneReason = state === 'PRUNED' ? (decision?.reason ?? 'Pruned by its worker.') : null;
    const { kind, trial: next } = ended(
      trial,
      {
        state,
        values,
        error,
        pruneReason,
        peakBytes: request.peakBytes ?? null,
      },
      live.problem,
      this.#now(),
    );
    return change.saveTrial(kind, next);
  }

  /** Prolongs the leases of running trials; the result shows each as it is now, so a worker sees what it has lost. */
  async heartbeat(ids: readonly number[], leaseMs: number): Promise<TrialRecord[]> {
    await this.#trials.renewLeases(
      ids.map((id) => ({ id, attempt: null })),
      this.#leaseUntil(leaseMs),
    );
    const trials = await this.#trials.findMany(ids);
    return trials.map((trial, i) => {
      if (trial === null) throw notFound('trial', ids[i]!);
      return trial;
    });
  }

  /**
   * Cancels a trial that waits or runs; one that has ended stays as it is. When this resolves, a trial that runs in this
   * process is told, and makes no batch but the one under way.
   */
  async stop(id: number): Promise<TrialRecord> {
    const { studyId } = await this.#trials.get(id);
    return this.#writer.change(studyId, async (change) => {
      const trial = (await change.trials([id]))[0]!;
      if (isFinal(trial.state)) return trial;
      const { kind, trial: next } = cancelled(trial, this.#now());
      return change.saveTrial(kind, next);
    });
  }

  /** Queues a new trial with the parameters of one that has ended. */
  async retry(id: number): Promise<TrialRecord> {
    const { studyId } = await this.#trials.get(id);
    return this.#writer.change(studyId, async (change) => {
      const trial = (await change.trials([id]))[0]!;
      if (!isFinal(trial.state)) {
        throw conflict(`Trial ${trial.number} is ${trial.state}: stop it first, or wait for its end.`);
      }
      const [next] = await change.insertTrials('TRIAL_QUEUED', [{ params: trial.params, retryOf: trial.id }]);
      return next!;
    });
  }

  /**
   * Takes back trials whose owner went away, if `isLost` still holds: they start again later, or have failed when that
   * happened too often.
   */
  async takeBack(
    studyId: number,
    ids: readonly number[],
    isLost: (trial: TrialRecord) => boolean,
    why: string,
  ): Promise<void> {
    await this.#requeue(studyId, ids, isLost, (trial, change) =>
      lost(trial, this.#retriesOf(change), why, this.#now(), Math.random()),
    );
  }

  /** Gives a worker's trials back, for no fault of theirs: they do not fail of it, however often it happens. */
  async giveBack(studyId: number, ids: readonly number[], worker: string, why: string): Promise<void> {
    const isHeld = (trial: TrialRecord): boolean => trial.worker === worker;
    await this.#requeue(studyId, ids, isHeld, (trial) =>
      requeued(trial, { why, afterMs: null }, this.#now()),
    );
  }

  async #requeue(
    studyId: number,
    ids: readonly number[],
    applies: (trial: TrialRecord) => boolean,
    changed: (trial: TrialRecord, change: StudyChange) => TrialChange,
  ): Promise<void> {
    await this.#writer.change(studyId, async (change) => {
      for (const trial of await change.trials(ids)) {
        if (trial.state !== 'RUNNING' || !applies(trial)) continue;
        const { kind, trial: next } = changed(trial, change);
        change.saveTrial(kind, next);
      }
    });
  }

  #leaseUntil(leaseMs: number): Date {
    return new Date(this.#now().getTime() + leaseMs);
  }

  /** How trials of a study are started again. */
  retriesOf(study: Pick<StudyRecord, 'retries'>): Retries {
    return { ...this.#retries, ...study.retries };
  }

  #retriesOf({ study }: StudyChange): Retries {
    return this.retriesOf(study);
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

/** What `read` returns; faults that it throws are told below `path`. */
function withPath<T>(path: string | undefined, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (path === undefined || !(error instanceof InputError)) throw error;
    throw new InputError(error.faults.map((fault) => ({ ...fault, path: `${path}.${fault.path}` })));
  }
}

function groupByStudy(
  requests: readonly TellRequest[],
  trials: readonly (TrialRecord | null)[],
): Map<number, TellRequest[]> {
  const groups = new Map<number, TellRequest[]>();
  requests.forEach((request, i) => {
    const trial = trials[i];
    if (trial == null) throw notFound('trial', request.trialId);
    const group = groups.get(trial.studyId);
    if (group === undefined) groups.set(trial.studyId, [request]);
    else group.push(request);
  });
  return groups;
}
