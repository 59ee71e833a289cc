import { conflict, InputError, notFound } from '../core/errors.ts';
import type { PruneDecision } from '../core/pruners/pruner.ts';
import type { Retries } from '../core/retries.ts';
import { validateParams } from '../core/search-space/validate-params.ts';
import { isFinal } from '../core/trial.ts';
import type { MetricStore, NamedPoints } from '../storage/metric-store.ts';
import type { StudyRecord, TrialRecord } from '../storage/records.ts';
import type { StudyChange } from '../storage/study-change.ts';
import type { StudyCommit, StudyWriter } from '../storage/study-writer.ts';
import type { TrialStore } from '../storage/trial-store.ts';
import { type AskRequest, askTrials } from './ask-trials.ts';
import { lastReported } from './final-values.ts';
import type { LiveStudies } from './live-studies.ts';
import type { LiveStudy } from './live-study.ts';
import { started } from './study-changes.ts';
import { type TellRequest, tellTrial } from './tell-trial.ts';
import { cancelled, lost, requeued, type TrialChange } from './trial-changes.ts';
import { type ReportOutcome, type ReportRequest, TrialReports } from './trial-reports.ts';

/** Ask, report, tell: the only functions that change trials, whoever runs them. */
export class TrialLife {
  readonly #writer: StudyWriter;
  readonly #trials: TrialStore;
  readonly #metrics: MetricStore;
  readonly #live: LiveStudies;
  readonly #retries: Retries;
  readonly #now: () => Date;
  readonly #reports: TrialReports;

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
    this.#reports = new TrialReports(parts);
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
    this.#reports.apply(commit);
  }

  /** Stores metric points and says whether the trial should go on. */
  report(request: ReportRequest): Promise<ReportOutcome> {
    return this.#reports.report(request);
  }

  /** The first half of a report whose trial runs in this process. */
  judge(trial: TrialRecord, series: readonly NamedPoints[]): Promise<PruneDecision> {
    return this.#reports.judge(trial, series);
  }

  /** The second half. @returns false where the trial was cancelled meanwhile */
  keep(request: ReportRequest): Promise<boolean> {
    return this.#reports.keep(request);
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
            tellTrial(change, live, before, request, {
              reported: reported.get(before.id)!,
              retries: this.#retriesOf(change),
              now: this.#now(),
            }),
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
