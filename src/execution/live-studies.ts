import type { Pool, PoolClient } from 'pg';
import { CallerError, notFound } from '../core/errors.ts';
import { readEvents } from '../storage/event-log.ts';
import type { MetricStore } from '../storage/metric-store.ts';
import type { StudyRecord } from '../storage/records.ts';
import type { StudyStore } from '../storage/study-store.ts';
import type { StudyCommit } from '../storage/study-writer.ts';
import type { TrialStore } from '../storage/trial-store.ts';
import { type AppliedEvent, LiveStudy } from './live-study.ts';

const pointsPerPage = 100_000;

/** The live studies of this process: loaded at first use, then kept up to date by commits and the event log. */
export class LiveStudies {
  readonly #pool: Pool;
  readonly #studies: StudyStore;
  readonly #trials: TrialStore;
  readonly #metrics: MetricStore;
  readonly #live = new Map<number, Promise<LiveStudy>>();
  readonly #loaded = new Map<number, LiveStudy>();

  constructor(pool: Pool, studies: StudyStore, trials: TrialStore, metrics: MetricStore) {
    this.#pool = pool;
    this.#studies = studies;
    this.#trials = trials;
    this.#metrics = metrics;
  }

  /** @throws CallerError NOT_FOUND */
  get(studyId: number): Promise<LiveStudy> {
    const known = this.#live.get(studyId);
    if (known !== undefined) return known;
    const loading = this.#load(studyId);
    this.#live.set(studyId, loading);
    loading.then(
      (live) => {
        if (this.#live.get(studyId) === loading) this.#loaded.set(studyId, live);
      },
      () => this.#live.delete(studyId),
    );
    return loading;
  }

  /** The live study at least as new as the record, whichever server wrote that. */
  async asOf({ id, lastEvent }: StudyRecord): Promise<LiveStudy> {
    const live = await this.get(id);
    await this.catchUp(live, lastEvent, this.#pool);
    return live;
  }

  /** Brings the live study up to the record if it is in memory; otherwise nothing is loaded for it. */
  async update({ id, lastEvent }: StudyRecord): Promise<void> {
    const live = await this.#live.get(id);
    if (live !== undefined) await this.catchUp(live, lastEvent, this.#pool);
  }

  /**
   * Takes in what other servers have stored of the curves that the study's pruner looks at, if it is in memory. What this
   * one has stored comes again, and changes nothing.
   */
  async readCurves(studyId: number): Promise<void> {
    const live = this.#loaded.get(studyId);
    if (live === undefined || live.pruner === null) return;
    const scope = { studyId, names: live.pruner.metrics };
    for (let newest = Number.POSITIVE_INFINITY; live.lastMetricCommit < newest; ) {
      const page = await this.#metrics.readAfter(scope, live.lastMetricCommit, pointsPerPage);
      // Trials that have started just before.
      await this.catchUp(live, (await this.#studies.get(studyId)).lastEvent, this.#pool);
      live.appendDeltas(page.deltas, page.commit);
      newest = page.newest;
    }
  }

  /** The live study at least as new as the record if it is in memory; otherwise nothing is loaded for it. */
  known({ id, lastEvent }: StudyRecord): LiveStudy | undefined {
    const live = this.#loaded.get(id);
    return live !== undefined && live.lastEvent >= lastEvent ? live : undefined;
  }

  /** The studies that are in memory now. */
  get loaded(): Iterable<LiveStudy> {
    return this.#loaded.values();
  }

  /** Applies a commit of this process. */
  apply({ studyId, lastEvent, events, study }: StudyCommit): void {
    const first = lastEvent - events.length + 1;
    const applied = events.map(({ kind, trial }, i) => ({
      sequence: first + i,
      kind,
      trial,
      study: trial === null ? study : null,
    }));
    const live = this.#loaded.get(studyId);
    if (live !== undefined) this.#apply(live, applied);
    // It may have been read before this commit.
    else
      this.#live
        .get(studyId)
        ?.then((loading) => this.#apply(loading, applied))
        // Why it could not be read is told to whoever asked for it.
        .catch(() => {});
  }

  /**
   * Brings a live study to the event `lastEvent`, which the caller's transaction sees.
   * @throws CallerError NOT_FOUND when it was deleted, TOO_BUSY when the events in between are not kept any more
   */
  async catchUp(live: LiveStudy, lastEvent: number, connection: Pool | PoolClient): Promise<void> {
    while (live.lastEvent < lastEvent) {
      const events = await readEvents(connection, live.study.id, live.lastEvent, 1000);
      // They went with the study.
      if (events.length === 0) throw notFound('study', live.study.id);
      if (events[0]!.sequence > live.lastEvent + 1) throw this.#outOfDate(live);
      this.#apply(live, events);
    }
  }

  #outOfDate(live: LiveStudy): CallerError {
    this.drop(live.study.id);
    return new CallerError('TOO_BUSY', 'The study has changed too much meanwhile. Send this again.', {
      retryAfterMs: 0,
    });
  }

  #apply(live: LiveStudy, events: readonly AppliedEvent[]): void {
    live.apply(events);
    if (live.isOutdated && this.#loaded.get(live.study.id) === live) this.drop(live.study.id);
  }

  /** Forgets a study, to be loaded anew: after its space changed, or a suggestion was not committed. */
  drop(studyId: number): void {
    this.#live.delete(studyId);
    this.#loaded.delete(studyId);
  }

  async #load(studyId: number): Promise<LiveStudy> {
    // The study first: events after its `lastEvent` may already be in the trials, and applying them again is harmless.
    const study = await this.#studies.get(studyId);
    const trials = await this.#trials.outcomes(studyId);
    const live = new LiveStudy(study, trials);
    if (live.pruner !== null) {
      // Points that are stored after it may be among those that are read, and come again.
      const commit = await this.#metrics.lastCommit(studyId);
      const ids = trials.map(({ id }) => id);
      const curves = await this.#metrics.read(ids, { names: live.pruner.metrics });
      const deltas = [...curves].flatMap(([trialId, series]) =>
        series.map((points) => ({ trialId, ...points })),
      );
      live.appendDeltas(deltas, commit);
    }
    await this.catchUp(live, (await this.#studies.get(studyId)).lastEvent, this.#pool);
    return live;
  }
}
