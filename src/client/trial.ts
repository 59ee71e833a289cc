import type { Api } from './api.ts';
import {
  type ArtifactContent,
  artifactPath,
  checkpointName,
  checkpointType,
  type UploadOptions,
  uploadRequest,
} from './artifacts.ts';
import { AttemptReports, type ReportAnswer } from './attempt-reports.ts';
import { TrialgraphError } from './errors.ts';
import { mapped } from './follow.ts';
import type {
  ArtifactData,
  LogLine,
  LogPage,
  TrialData,
  TrialProgress,
  TrialState,
  UpdateTrialInput,
} from './generated.ts';
import * as operations from './generated.ts';
import type { Params, Values } from './json.ts';
import { type MetricColumn, type MetricSeries, unpackSeries } from './metric-points.ts';

export type FinalTrialState = Exclude<TrialState, 'QUEUED' | 'RUNNING'>;

/** How a trial ended. */
export interface Ending {
  /** COMPLETED where absent; the server makes INFEASIBLE of it when the values break a constraint. */
  readonly state?: FinalTrialState;
  /** Objectives and constrained metrics; the last report stands for what is missing. */
  readonly values?: Values;
  readonly error?: string;
}

export interface SeriesRange {
  /** All series where absent. */
  readonly names?: readonly string[];
  /** Downsamples to about so many points, every extreme among them; 0: all. 1000 where absent. */
  readonly maxPoints?: number;
  /** Both ends belong to the range. */
  readonly fromStep?: number;
  readonly toStep?: number;
}

/** The terms on which a worker has asked for a trial. */
export interface Lease {
  readonly leaseSeconds: number;
}

/**
 * One trial: its data, and for the worker that has asked for it, the way to report and to tell how it ended.
 * `Parameters` is what the study's search space makes of `params`; it is not checked.
 */
export class Trial<Parameters extends object = Params> {
  readonly #api: Api;
  readonly #attempt: number;
  readonly #leaseSeconds: number;
  readonly #isOwned: boolean;
  readonly #reports: AttemptReports;
  #data: TrialData;

  /** @param lease absent for a trial that was looked up and not asked for */
  constructor(api: Api, data: TrialData, lease?: Lease) {
    this.#api = api;
    this.#data = data;
    this.#attempt = data.attempt;
    this.#leaseSeconds = lease?.leaseSeconds ?? 60;
    this.#isOwned = lease !== undefined;
    this.#reports = new AttemptReports(api, data, this.#isOwned);
  }

  get id(): string {
    return this.#data.id;
  }

  /** Its place in the study, from 0. */
  get number(): number {
    return this.#data.number;
  }

  get params(): Parameters {
    return this.#data.params as Parameters;
  }

  get state(): TrialState {
    return this.#data.state;
  }

  /** Everything about it, as the server last told this object. */
  get data(): TrialData {
    return this.#data;
  }

  /** Whether to end the work: the pruner or somebody says so, the trial was cancelled, or it went to another worker. */
  get shouldStop(): boolean {
    return this.stopReason !== null;
  }

  /**
   * Whether it may go on later: save a checkpoint and call `pause`. `shouldStop` holds too, and `prune` does the same
   * without a checkpoint.
   */
  get shouldPause(): boolean {
    return this.#reports.shouldPause;
  }

  /** Why, in words. */
  get stopReason(): string | null {
    return this.#reports.stopReason;
  }

  /**
   * Reports the metrics of one step, a whole number from 0 on; of a step that is reported again the last value counts.
   * Resolves when they are stored and `shouldStop` has the server's answer; a trial that was cancelled takes nothing
   * more, and says so by `stored: false`. Without waiting, reports that are made while one is under way travel
   * together; when one fails, so does every later one, `flush` and `complete`.
   * @throws RangeError or TypeError, at once, for a step or value that no series can hold
   */
  report(step: number, metrics: Readonly<Record<string, number>>): Promise<ReportAnswer> {
    const columns = Object.entries(metrics).map(([name, value]) => [
      name,
      { steps: [step], values: [value] },
    ]);
    return this.reportColumns(Object.fromEntries(columns));
  }

  /** Reports many points at once, by metric. */
  reportColumns(columns: Readonly<Record<string, MetricColumn>>): Promise<ReportAnswer> {
    return this.#reports.report(columns);
  }

  /**
   * Adds to the trial's log: a line, or several with line breaks between them. It need not be awaited: lines travel
   * together, and `flush` and `complete` wait for them.
   */
  log(text: string): Promise<void> {
    return this.#reports.log(text);
  }

  /** Resolves when everything reported and logged so far is stored, or refused because the trial was cancelled. */
  flush(): Promise<void> {
    return this.#reports.flush();
  }

  /** Ends the trial with these final values, once all that was reported is stored. */
  complete(values?: Values): Promise<void> {
    return this.tell({ state: 'COMPLETED', ...(values && { values }) });
  }

  /** Ends the trial before its time, with what it has reported so far. */
  prune(): Promise<void> {
    return this.tell({ state: 'PRUNED' });
  }

  /**
   * Of a trial that was looked up: pauses it until `resume`. One that waits is held at once; one that runs is told to
   * save a checkpoint and give its place back. `restart`: also one that is known to save none, which starts anew.
   *
   * Of a trial that was asked for: gives it back, with what it has saved. It is asked for again, here or by another
   * worker, when it is resumed or its pruner promotes it, and at once where neither had it paused.
   * @throws TrialgraphError CONFLICT where it has ended, saves no checkpoints, or another worker has it now
   */
  async pause({ restart = false }: { readonly restart?: boolean } = {}): Promise<void> {
    await this.flush();
    const { pauseTrial } = await this.#api.mutateIdempotently(operations.pauseTrial, {
      id: this.id,
      ...(this.#isOwned ? { attempt: this.#attempt } : { restart }),
    });
    this.#data = pauseTrial;
  }

  /** Lets a paused trial go on from its checkpoint, whoever has paused it. */
  async resume(): Promise<this> {
    const { resumeTrial } = await this.#api.mutateIdempotently(operations.resumeTrial, { id: this.id });
    this.#data = resumeTrial;
    return this;
  }

  /** Stores what is needed to go on from here, in place of the checkpoint before. Resolves when it is safe. */
  async checkpoint(content: ArtifactContent): Promise<void> {
    await this.upload(checkpointName, content, { contentType: checkpointType });
  }

  /** The newest checkpoint that an earlier attempt has stored, or null: begin anew. */
  async restore(): Promise<ArrayBuffer | null> {
    if (this.#attempt <= 1) return null;
    try {
      return await (await this.download(checkpointName)).arrayBuffer();
    } catch (error) {
      if (error instanceof TrialgraphError && error.code === 'NOT_FOUND') return null;
      throw error;
    }
  }

  /** Ends the trial with an error. */
  fail(error: unknown): Promise<void> {
    return this.tell({ state: 'FAILED', error: describe(error) });
  }

  /**
   * Ends the trial. Telling the same end again is harmless.
   * @throws RangeError for a final value that is not finite
   * @throws TrialgraphError CONFLICT when it has ended otherwise, or another worker has it now
   */
  async tell(ending: Ending): Promise<void> {
    for (const [metric, value] of Object.entries(ending.values ?? {})) {
      if (Number.isFinite(value)) continue;
      throw new RangeError(
        `The final value of "${metric}" must be a finite number, not ${value}; tell the trial FAILED.`,
      );
    }
    const flushed = this.flush();
    await ((ending.state ?? 'COMPLETED') === 'COMPLETED' ? flushed : flushed.catch(() => {}));
    const { tellTrial } = await this.#api.mutateIdempotently(operations.tellTrial, {
      id: this.id,
      input: { ...ending, attempt: this.#attempt },
    });
    this.#data = tellTrial;
  }

  /**
   * Prolongs the lease; when it ends, the trial goes back into the queue for another worker.
   * Sets `shouldStop` when the trial is no longer this worker's.
   */
  async heartbeat(leaseSeconds = this.#leaseSeconds): Promise<this> {
    const { heartbeatTrials } = await this.#api.mutateIdempotently(operations.heartbeatTrials, {
      ids: [this.id],
      leaseSeconds,
    });
    this.#data = heartbeatTrials[0]!;
    this.#reports.notice(this.#data);
    return this;
  }

  /** Cancels the trial if it waits or runs; its worker learns of it at its next report or heartbeat. */
  async stop(): Promise<this> {
    const { stopTrial } = await this.#api.mutateIdempotently(operations.stopTrial, { id: this.id });
    this.#data = stopTrial;
    return this;
  }

  /** Queues a new trial with the parameters of this one, which must have ended. */
  async retry(): Promise<Trial<Parameters>> {
    const { retryTrial } = await this.#api.mutate(operations.retryTrial, { id: this.id });
    return new Trial(this.#api, retryTrial);
  }

  /** Writes notes (Markdown) or tags of the trial, whatever state it is in; what is absent stays. */
  async annotate(input: UpdateTrialInput): Promise<this> {
    const { updateTrial } = await this.#api.mutateIdempotently(operations.updateTrial, {
      id: this.id,
      input,
    });
    this.#data = updateTrial;
    return this;
  }

  /** Reads `data` anew. */
  async refresh(): Promise<this> {
    const { trial } = await this.#api.query(operations.trial, { id: this.id });
    this.#data = trial ?? missing(this.id);
    return this;
  }

  /** The metrics that it has reported, by name. */
  async metricSeries({ maxPoints = 1000, ...range }: SeriesRange = {}): Promise<MetricSeries[]> {
    const variables = { trial: this.id, maxPoints, ...range };
    const { trial } = await this.#api.query(operations.trialMetricSeries, variables);
    return (trial ?? missing(this.id)).metricSeries.map(unpackSeries);
  }

  /**
   * Stores a file of the trial under a relative path such as `checkpoints/best.bin`; one of the same name is replaced.
   * Resolves when it is safe on the server.
   * @throws TrialgraphError TOO_LARGE, INSUFFICIENT_STORAGE, CONFLICT when another worker has the trial now
   */
  async upload(name: string, content: ArtifactContent, options: UploadOptions = {}): Promise<ArtifactData> {
    const path = `${artifactPath(this.id, name)}?attempt=${this.#attempt}`;
    const response = await this.#api.request(path, await uploadRequest(content, options), options.signal);
    return (await response.json()) as ArtifactData;
  }

  /** The files of the trial, by name. */
  async artifacts(): Promise<readonly ArtifactData[]> {
    const { trial } = await this.#api.query(operations.trialArtifacts, { trial: this.id });
    return (trial ?? missing(this.id)).artifacts;
  }

  /**
   * A file of the trial, as the answer of the server: read its `body`, `arrayBuffer()`, `blob()`, `text()` or `json()`.
   * @throws TrialgraphError NOT_FOUND
   */
  download(name: string, options: { readonly signal?: AbortSignal } = {}): Promise<Response> {
    return this.#api.request(artifactPath(this.id, name), {}, options.signal);
  }

  /** @throws TrialgraphError NOT_FOUND */
  async deleteArtifact(name: string): Promise<void> {
    await this.#api.mutate(operations.deleteArtifact, { trial: this.id, name, attempt: this.#attempt });
  }

  /** What the trial has logged, read page by page as the iteration goes on. */
  async *logLines(): AsyncGenerator<LogLine, void> {
    for (let after: string | null = null; ; ) {
      const { cursor, lines } = await this.logPage({ after });
      yield* lines;
      if (lines.length === 0) return;
      after = cursor;
    }
  }

  /** A part of its log: from the beginning or after the cursor of another, at most 1000 lines. */
  async logPage(range: { readonly after?: string | null; readonly first?: number } = {}): Promise<LogPage> {
    const variables = { trial: this.id, after: range.after ?? null, first: range.first ?? 1000 };
    const { trial } = await this.#api.query(operations.readLog, variables);
    return (trial ?? missing(this.id)).log;
  }

  /**
   * The log from the beginning, or after a cursor, and then live until the trial has ended: every line once and in
   * order, whatever happens to the connection.
   */
  followLog(
    options: { readonly after?: string; readonly signal?: AbortSignal } = {},
  ): AsyncIterableIterator<LogPage, void> {
    const messages = this.#api.follow(
      operations.followLog,
      { trial: this.id, after: options.after },
      { signal: options.signal, cursorOf: ({ trialLog }) => trialLog.cursor },
    );
    return mapped(messages, ({ trialLog }) => trialLog);
  }

  /** State, share done, expected end and latest metrics, now and after every change, until the trial has ended. */
  progress(options: { readonly signal?: AbortSignal } = {}): AsyncIterableIterator<TrialProgress, void> {
    const messages = this.#api.follow(operations.followTrial, { trial: this.id }, options);
    return mapped(messages, ({ trialProgress }) => trialProgress);
  }
}

function missing(id: string): never {
  throw new TrialgraphError('NOT_FOUND', `There is no trial with the id ${id}.`, { id });
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
