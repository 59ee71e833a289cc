import { setImmediate } from 'node:timers/promises';
import type { Logger } from '../core/logger.ts';
import type { PruneDecision } from '../core/pruners/pruner.ts';
import type { NamedPoints } from '../storage/metric-store.ts';
import type { TrialRecord } from '../storage/records.ts';
import { firstOwnBatch } from './own-batches.ts';
import type { RunReport } from './pools/host-messages.ts';
import { sendAgain } from './send-again.ts';
import type { TrialLife } from './trial-life.ts';

/**
 * The least time between two commits of one trial's points. A commit takes some 2 ms of CPU, here and in the database,
 * which a training that reports a hundred times a second would miss; nobody is shown metrics more often than ten times a
 * second. Points that are lost with the server are of steps that its trial makes again from its checkpoint.
 */
const gatherMs = 100;

/** What becomes of a run: `reason` null where its points cannot be stored any more. */
export type RunDecision = Pick<PruneDecision, 'action'> & { readonly reason: string | null };

/**
 * Takes the reports of one attempt that runs in this process: they are judged as soon as they come, and stored together.
 * What fails to be stored for a passing reason is sent again under its batch number.
 */
export class ReportQueue {
  readonly #life: TrialLife;
  readonly #trial: TrialRecord;
  readonly #onDecision: (decision: RunDecision) => void;
  readonly #log: Logger;
  /** Those that came in this turn of the event loop. */
  #unjudged: RunReport[] = [];
  #judging: Promise<void> = Promise.resolve();
  #waiting: RunReport[] = [];
  #batch = firstOwnBatch;
  #timer: NodeJS.Timeout | null = null;
  #sentAt = Number.NEGATIVE_INFINITY;
  #sending: Promise<void> | null = null;
  #error: unknown = null;

  constructor(life: TrialLife, trial: TrialRecord, onDecision: (decision: RunDecision) => void, log: Logger) {
    this.#life = life;
    this.#trial = trial;
    this.#onDecision = onDecision;
    this.#log = log;
  }

  push(report: RunReport): void {
    if (this.#error !== null) return;
    if (this.#unjudged.push(report) === 1) this.#judging = this.#judge();
    this.#waiting.push(report);
    this.#schedule();
  }

  /** Resolves when all is judged and stored; rejects when it could not be. */
  async drain(): Promise<void> {
    await this.#judging;
    while (this.#sending !== null || this.#waiting.length > 0) await (this.#sending ?? this.#send());
    if (this.#error !== null) throw this.#error;
  }

  async #judge(): Promise<void> {
    await setImmediate();
    const reports = this.#unjudged;
    this.#unjudged = [];
    try {
      const decision = await this.#life.judge(this.#trial, toSeries(reports));
      if (decision.action !== 'CONTINUE') this.#onDecision(decision);
    } catch (error) {
      // The study cannot be read just now, or was deleted: whether its points can be stored decides.
      this.#log.warn({ trial: this.#trial.id, err: error }, 'a report could not be judged');
    }
  }

  #schedule(): void {
    if (this.#timer !== null || this.#sending !== null || this.#waiting.length === 0) return;
    const waitMs = Math.max(0, this.#sentAt + gatherMs - performance.now());
    this.#timer = setTimeout(() => void this.#send(), waitMs);
  }

  #send(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#sentAt = performance.now();
    const reports = this.#waiting;
    this.#waiting = [];
    this.#sending = this.#store(reports).finally(() => {
      this.#sending = null;
      this.#schedule();
    });
    return this.#sending;
  }

  async #store(reports: readonly RunReport[]): Promise<void> {
    const { id: trialId, attempt } = this.#trial;
    const batch = this.#batch++;
    try {
      const series = toSeries(reports);
      const isStored = await sendAgain(() => this.#life.keep({ trialId, attempt, batch, series }));
      if (!isStored) this.#onDecision({ action: 'STOP', reason: 'The trial was cancelled.' });
    } catch (error) {
      this.#error = error;
      this.#waiting = [];
      this.#onDecision({ action: 'STOP', reason: null });
    }
  }
}

function toSeries(reports: readonly RunReport[]): NamedPoints[] {
  const columns = new Map<string, { steps: number[]; values: number[]; times: number[] }>();
  for (const { step, values, time } of reports) {
    for (const [name, value] of Object.entries(values)) {
      let column = columns.get(name);
      if (column === undefined) {
        column = { steps: [], values: [], times: [] };
        columns.set(name, column);
      }
      column.steps.push(step);
      column.values.push(value);
      column.times.push(time);
    }
  }
  return [...columns].map(([name, { steps, values, times }]) => ({
    name,
    steps: Int32Array.from(steps),
    values: Float64Array.from(values),
    times: Float64Array.from(times),
  }));
}
