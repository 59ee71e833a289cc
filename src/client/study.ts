import type { Api } from './api.ts';
import { isPassing, TrialgraphError } from './errors.ts';
import { mapped } from './follow.ts';
import type {
  HypervolumeHistory,
  ImportanceBaseline,
  ParameterImportance,
  StudyData,
  StudyEventBatch,
  StudyInsights,
  StudyState,
  TrialColumns,
  TrialFilter,
  TrialOrder,
  TrialState,
  UpdateStudyInput,
} from './generated.ts';
import * as operations from './generated.ts';
import type { Json, Params, Values } from './json.ts';
import { type MetricBatch, unpackDelta } from './metric-points.ts';
import { type OptimizeOptions, optimize, type RunTrial } from './optimize.ts';
import { eachItem, type Page, type PageRange, pageOf } from './page.ts';
import { Trial } from './trial.ts';

export interface TrialSelection {
  readonly filter?: TrialFilter;
  /** By number where absent. */
  readonly orderBy?: TrialOrder;
}

export interface AskOptions {
  /** How many trials to ask for; 1 where absent. */
  readonly count?: number;
  /** The worker's name, for people. */
  readonly worker?: string;
  /** A trial goes back into the queue after so long without a heartbeat; 60 where absent. */
  readonly leaseSeconds?: number;
}

export interface EventOptions {
  /** The cursor of the last batch that was seen; absent: a snapshot first. */
  readonly after?: string;
  /** Ends the iteration. */
  readonly signal?: AbortSignal;
}

export interface MetricOptions {
  /** Only these metrics. */
  readonly names?: readonly string[];
  /** Only the trials with these ids. */
  readonly trials?: readonly string[];
  /** The cursor of the last batch that was seen, or "0" for all points; absent: points from now on. */
  readonly after?: string;
  /** How many batches a second at most, up to 100; 10 where absent. */
  readonly maxRateHz?: number;
  /** Ends the iteration. */
  readonly signal?: AbortSignal;
}

/**
 * One study: its data, its life, its trials, and what happens in it. `Parameters` is what its search space makes of a
 * trial's params: known for a study that was created with a `space`, and not checked.
 */
export class Study<Parameters extends object = Params> {
  readonly #api: Api;
  #data: StudyData;

  constructor(api: Api, data: StudyData) {
    this.#api = api;
    this.#data = data;
  }

  get id(): string {
    return this.#data.id;
  }

  get name(): string {
    return this.#data.name;
  }

  get state(): StudyState {
    return this.#data.state;
  }

  /** Everything about it, as the server last told this object. */
  get data(): StudyData {
    return this.#data;
  }

  /** Reads `data` anew. */
  async refresh(): Promise<this> {
    const { study } = await this.#api.query(operations.study, { id: this.id });
    this.#data = study ?? missing(this.id);
    return this;
  }

  /** Changes settings; those that are absent stay as they are. */
  async update(input: UpdateStudyInput): Promise<this> {
    const { updateStudy } = await this.#api.mutateIdempotently(operations.updateStudy, {
      id: this.id,
      input,
    });
    this.#data = updateStudy;
    return this;
  }

  /** Launches trials, or goes on with them: so many more, or until a stop rule holds. */
  async start(options: { readonly trials?: number } = {}): Promise<this> {
    const { startStudy } = await this.#api.mutate(operations.startStudy, { id: this.id, ...options });
    this.#data = startStudy;
    return this;
  }

  /** Starts no more trials; those that run go on to their end. */
  async pause(): Promise<this> {
    const { pauseStudy } = await this.#api.mutateIdempotently(operations.pauseStudy, { id: this.id });
    this.#data = pauseStudy;
    return this;
  }

  /** Ends the study and cancels the trials that wait or run. */
  async stop(): Promise<this> {
    const { stopStudy } = await this.#api.mutateIdempotently(operations.stopStudy, { id: this.id });
    this.#data = stopStudy;
    return this;
  }

  /** Deletes the study with its trials and all that they reported. */
  async delete(): Promise<void> {
    await this.#api.mutate(operations.deleteStudy, { id: this.id });
  }

  /**
   * A new study with the settings of this one, in another search space if one is given, such as that of
   * `(await study.insights()).suggestedSpace`. `warmStart` queues the best parameters of this one first, as far as they fit.
   */
  async clone(options: {
    readonly name: string;
    readonly warmStart?: boolean;
    readonly searchSpace?: Json;
  }): Promise<Study> {
    const { cloneStudy } = await this.#api.mutate(operations.cloneStudy, { id: this.id, ...options });
    return new Study(this.#api, cloneStudy);
  }

  /** Queues trials with all or some parameters fixed; the sampler chooses the others when they start. */
  async enqueue(params: readonly Partial<Parameters>[]): Promise<Trial<Parameters>[]> {
    const variables = { study: this.id, params: params as readonly Params[] };
    const { enqueueTrials } = await this.#api.mutate(operations.enqueueTrials, variables);
    return enqueueTrials.map((data) => new Trial(this.#api, data));
  }

  /**
   * Starts trials for the caller to run: queued ones first, then new suggestions. Fewer than asked for, or none, when
   * the study is paused, finished or at its limits. The caller sends heartbeats and tells how each ends.
   */
  async ask<Asked extends object = Parameters>(options: AskOptions = {}): Promise<Trial<Asked>[]> {
    const { count = 1, leaseSeconds = 60, worker } = options;
    const variables = { study: this.id, count, worker, leaseSeconds };
    const { askTrials } = await this.#api.mutate(operations.askTrials, variables);
    return askTrials.map((data) => new Trial(this.#api, data, { leaseSeconds }));
  }

  /**
   * Asks for trials, runs each with `run`, and tells how it ended, until the study is finished (a paused one is waited
   * for) or `trials` have been run. Trials end COMPLETED with what `run` returns, PRUNED when `shouldStop` was set, or
   * FAILED with what `run` has thrown. Heartbeats need the event loop: `run` must not block it for a lease.
   */
  optimize<Asked extends object = Parameters>(
    run: RunTrial<Asked>,
    options: OptimizeOptions = {},
  ): Promise<void> {
    const { worker, leaseSeconds, signal } = options;
    const ask = {
      ...(worker !== undefined && { worker }),
      ...(leaseSeconds !== undefined && { leaseSeconds }),
    };
    const source = {
      // A trial that was started while its answer got lost goes back into the queue when its lease ends.
      ask: async () => (await this.#api.retry(() => this.ask<Asked>(ask), isPassing, signal))[0] ?? null,
      isFinished: async () => (await this.refresh()).state === 'FINISHED',
    };
    return optimize(source, run, options);
  }

  /** One objective: the best trials, best first. Several: the Pareto front of the feasible trials. */
  async bestTrials(options: { readonly first?: number } = {}): Promise<Trial<Parameters>[]> {
    const variables = { study: this.id, first: options.first ?? 10 };
    const { study } = await this.#api.query(operations.bestTrials, variables);
    return (study ?? missing(this.id)).bestTrials.map((data) => new Trial(this.#api, data));
  }

  /** The volume that the front dominates; null with one objective or without results. */
  async hypervolume(): Promise<number | null> {
    const { study } = await this.#api.query(operations.hypervolume, { study: this.id });
    return (study ?? missing(this.id)).hypervolume;
  }

  /** How the hypervolume grew, all from one reference point; null with one objective. */
  async hypervolumeHistory(
    options: { readonly referencePoint?: Values } = {},
  ): Promise<HypervolumeHistory | null> {
    const { study } = await this.#api.query(operations.hypervolumeHistory, { study: this.id, ...options });
    return (study ?? missing(this.id)).hypervolumeHistory;
  }

  /**
   * The completed trials that keep the constraints, best first by a scalarisation of the objectives, such as
   * `{ kind: 'tchebycheff', weights: { loss: 2, seconds: 1 } }`. Nothing runs for it; the smaller a score, the better.
   */
  async rankTrials(
    scalarisation: Json,
    options: { readonly first?: number } = {},
  ): Promise<{ trial: Trial; score: number; violation: number }[]> {
    const variables = { study: this.id, scalarisation, ...options };
    const { rankTrials } = await this.#api.query(operations.rankTrials, variables);
    return rankTrials.map(({ trial, ...score }) => ({ trial: new Trial(this.#api, trial), ...score }));
  }

  /**
   * How much each parameter matters for being among the best tenth of the trials, most important first: by one
   * objective, or where `objective` is absent by the only one or for the way to the front.
   */
  async importances(
    options: { readonly objective?: string; readonly baseline?: ImportanceBaseline } = {},
  ): Promise<readonly ParameterImportance[]> {
    const { study } = await this.#api.query(operations.importances, { study: this.id, ...options });
    return (study ?? missing(this.id)).importances;
  }

  /** Which settings are useless: what the trials so far tell about the space, in numbers and sentences. */
  async insights(options: { readonly objective?: string } = {}): Promise<StudyInsights> {
    const variables = { study: this.id, ...options };
    return (await this.#api.query(operations.insights, variables)).studyInsights;
  }

  /** All trials of the selection, read page by page as the iteration goes on. */
  trials(selection: TrialSelection = {}): AsyncGenerator<Trial<Parameters>, void> {
    return eachItem((range) => this.trialPage({ ...selection, ...range }));
  }

  async trialPage({
    first = 50,
    ...rest
  }: TrialSelection & PageRange = {}): Promise<Page<Trial<Parameters>>> {
    const { study } = await this.#api.query(operations.studyTrials, { study: this.id, first, ...rest });
    return pageOf((study ?? missing(this.id)).trials, (data) => new Trial<Parameters>(this.#api, data));
  }

  /** All finished trials, or those in these states, as columns: one entry a trial, in trial order. */
  async columns(
    selection: { readonly params?: readonly string[]; readonly states?: readonly TrialState[] } = {},
  ): Promise<TrialColumns> {
    const { study } = await this.#api.query(operations.studyColumns, { study: this.id, ...selection });
    return (study ?? missing(this.id)).trialColumns;
  }

  /**
   * The study as a zip file: its trials, points, log lines and files. The answer of the server, to be read as it comes;
   * `trialgraph import` and `POST /import` make a study of it again, where the points are csv or ndjson.
   */
  export(
    options: { readonly format?: 'csv' | 'ndjson' | 'parquet'; readonly signal?: AbortSignal } = {},
  ): Promise<Response> {
    return this.#api.request(`/export/${this.id}.zip?format=${options.format ?? 'csv'}`, {}, options.signal);
  }

  /**
   * Every change of the study and its trials, in order, without gaps or repetitions, whatever happens to the
   * connection. Ends when the study is deleted.
   */
  events({ after, signal }: EventOptions = {}): AsyncIterableIterator<StudyEventBatch, void> {
    const messages = this.#api.follow(
      operations.studyEvents,
      { study: this.id, after },
      { signal, cursorOf: ({ studyEvents }) => studyEvents.cursor },
    );
    return mapped(messages, ({ studyEvents }) => studyEvents);
  }

  /**
   * New metric points as columns, without gaps or repetitions, whatever happens to the connection. The first batch has
   * only the cursor of now, unless `after` is given: what was stored before it is read with `Trial.metricSeries`.
   */
  metrics({ signal, ...scope }: MetricOptions = {}): AsyncIterableIterator<MetricBatch, void> {
    const messages = this.#api.follow(
      operations.metrics,
      { study: this.id, ...scope },
      { signal, cursorOf: ({ metrics }) => metrics.cursor },
    );
    return mapped(messages, ({ metrics: { cursor, series } }) => ({
      cursor,
      series: series.map(unpackDelta),
    }));
  }
}

function missing(id: string): never {
  throw new TrialgraphError('NOT_FOUND', `There is no study with the id ${id}.`, { id });
}
