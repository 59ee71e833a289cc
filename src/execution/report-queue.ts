import type { NamedPoints } from '../storage/metric-store.ts';
import { firstOwnBatch } from './own-batches.ts';
import type { RunReport } from './pools/host-messages.ts';
import { sendAgain } from './send-again.ts';
import type { ReportOutcome, TrialLife } from './trial-life.ts';

/**
 * Carries one attempt's reports to the store: what arrives while a report is under way goes into the next one.
 * A report that fails for a passing reason is sent again under its batch number.
 */
export class ReportQueue {
  readonly #life: TrialLife;
  readonly #trialId: number;
  readonly #attempt: number;
  readonly #onOutcome: (outcome: ReportOutcome) => void;
  #waiting: RunReport[] = [];
  #batch = firstOwnBatch;
  #sending: Promise<void> | null = null;
  #error: unknown = null;

  constructor(
    life: TrialLife,
    trial: { readonly id: number; readonly attempt: number },
    onOutcome: (outcome: ReportOutcome) => void,
  ) {
    this.#life = life;
    this.#trialId = trial.id;
    this.#attempt = trial.attempt;
    this.#onOutcome = onOutcome;
  }

  push(report: RunReport): void {
    if (this.#error !== null) return;
    this.#waiting.push(report);
    this.#sending ??= this.#sendAll();
  }

  /** Resolves when all is stored; rejects when it could not be. */
  async drain(): Promise<void> {
    await this.#sending;
    if (this.#error !== null) throw this.#error;
  }

  async #sendAll(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const reports = this.#waiting;
        this.#waiting = [];
        const series = toSeries(reports);
        const batch = this.#batch++;
        this.#onOutcome(
          await sendAgain(() =>
            this.#life.report({ trialId: this.#trialId, attempt: this.#attempt, batch, series }),
          ),
        );
      }
    } catch (error) {
      this.#error = error;
      this.#waiting = [];
      this.#onOutcome({ accepted: 0, action: 'STOP', shouldStop: true, reason: null });
    } finally {
      this.#sending = null;
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
