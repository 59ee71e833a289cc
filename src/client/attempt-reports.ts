import type { Api } from './api.ts';
import { TrialgraphError } from './errors.ts';
import type { SeriesInput, TrialData } from './generated.ts';
import * as operations from './generated.ts';
import { LogReporter } from './log-reporter.ts';
import type { MetricColumn } from './metric-points.ts';
import { MetricReporter } from './metric-reporter.ts';

/** What became of a report, and what its trial should do. */
export interface ReportAnswer {
  /** False: the trial was cancelled, so that nothing more is stored of it. */
  readonly stored: boolean;
  /** Whether to end the work, as `Trial.shouldStop`. */
  readonly shouldStop: boolean;
  /** Whether it may go on later, as `Trial.shouldPause`. */
  readonly shouldPause: boolean;
  /** Why, in words; null while it should go on. */
  readonly reason: string | null;
}

/** What one attempt of a trial reports and logs, and what it has been answered: whether to go on. */
export class AttemptReports {
  readonly #api: Api;
  readonly #trial: string;
  readonly #attempt: number;
  readonly #metrics = new MetricReporter((series) => this.#send(series));
  readonly #log = new LogReporter((lines, times) => this.#sendLog(lines, times));
  /** Numbers the batches of an attempt; null where another worker may have reported some already. */
  #batch: number | null;
  #logBatch: number | null;
  #stopReason: string | null = null;
  #shouldPause = false;

  /** @param isOwned whether the attempt is the caller's, who has asked for it */
  constructor(api: Api, { id, attempt }: TrialData, isOwned: boolean) {
    this.#api = api;
    this.#trial = id;
    this.#attempt = attempt;
    this.#batch = isOwned ? 0 : null;
    this.#logBatch = this.#batch;
  }

  /** Why the attempt should end, in words; null while it should go on. */
  get stopReason(): string | null {
    return this.#stopReason;
  }

  /** Whether it may go on later, when it has ended. */
  get shouldPause(): boolean {
    return this.#shouldPause;
  }

  report(columns: Readonly<Record<string, MetricColumn>>): Promise<ReportAnswer> {
    const answer = this.#metrics.report(columns).then(
      (stored): ReportAnswer => ({
        stored,
        shouldStop: this.#stopReason !== null,
        shouldPause: this.#shouldPause,
        reason: this.#stopReason,
      }),
    );
    // It need not be awaited, and a rejection that nobody awaits would end the process.
    answer.catch(() => {});
    return answer;
  }

  log(text: string): Promise<void> {
    return this.#log.log(text);
  }

  /** Resolves when everything reported and logged so far is stored, or refused because the trial was cancelled. */
  async flush(): Promise<void> {
    await Promise.all([this.#metrics.flush(), this.#log.flush()]);
  }

  /** Takes in the trial as the server has it now: it may be this attempt's no more. */
  notice({ state, attempt, held }: Pick<TrialData, 'state' | 'attempt' | 'held'>): void {
    if (state === 'RUNNING' && attempt === this.#attempt && held) {
      this.#stopReason ??= 'Paused by request';
      this.#shouldPause = true;
    } else if (state !== 'RUNNING') this.#stopReason ??= `The trial is ${state}.`;
    else if (attempt !== this.#attempt)
      this.#stopReason ??= 'The lease ended and another worker has the trial.';
  }

  async #send(series: readonly SeriesInput[]): Promise<boolean> {
    if (this.#batch !== null) this.#batch += 1;
    const { reportMetrics } = await this.#owned(
      this.#api.mutateIdempotently(operations.reportMetrics, {
        input: { trial: this.#trial, attempt: this.#attempt, batch: this.#batch, series },
      }),
    );
    if (reportMetrics.shouldStop) this.#stopReason ??= reportMetrics.reason ?? 'The pruner says so.';
    if (reportMetrics.action === 'PAUSE') this.#shouldPause = true;
    // No batch is empty.
    return reportMetrics.accepted > 0;
  }

  async #sendLog(lines: readonly string[], times: readonly number[]): Promise<void> {
    if (this.#logBatch !== null) this.#logBatch += 1;
    const { reportLog } = await this.#owned(
      this.#api.mutateIdempotently(operations.reportLog, {
        input: { trial: this.#trial, attempt: this.#attempt, batch: this.#logBatch, lines, times },
      }),
    );
    if (reportLog.shouldStop) this.#stopReason ??= 'The trial was cancelled.';
  }

  /** Notes when the server says that the trial is not this worker's any more. */
  async #owned<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof TrialgraphError && error.code === 'CONFLICT') this.#stopReason ??= error.message;
      throw error;
    }
  }
}
