import type { MetricBatch, Params, StudyEvent, TrialData, TrialState, Values } from '../../client/index.ts';
import { accuracyMetric, lossMetric } from './demo-study.ts';

/** One trial as its events and its metrics tell it. */
export interface WatchedTrial {
  readonly number: number;
  readonly state: TrialState;
  readonly params: Params;
  readonly values: Values | null;
  readonly backend: string | null;
  readonly pruneReason: string | null;
  readonly error: string | null;
  readonly totalSteps: number | null;
  /** From its start to its end or, while it runs, to now; null before. */
  readonly elapsedMs: number | null;
  /** Of the last report; null before the first. */
  readonly step: number | null;
  readonly loss: number | null;
  readonly accuracy: number | null;
}

interface LatestMetrics {
  step: number;
  loss: number | null;
  accuracy: number | null;
}

/** What is known of a study that is being followed. */
export class StudyWatch {
  /** How many trials the study is going to make. */
  readonly trialCount: number;
  readonly #trials = new Map<string, TrialData>();
  readonly #metrics = new Map<string, LatestMetrics>();
  #eventCount = 0;
  #stopReason: string | null = null;
  /** The most trials seen running at once. */
  #width = 1;

  constructor(trialCount: number) {
    this.trialCount = trialCount;
  }

  get eventCount(): number {
    return this.#eventCount;
  }

  /** Why the study ended; null before. */
  get stopReason(): string | null {
    return this.#stopReason;
  }

  addEvent({ trial, study }: StudyEvent): void {
    this.#eventCount++;
    if (trial !== null) this.#trials.set(trial.id, trial);
    if (study?.state === 'FINISHED') this.#stopReason = study.stopReason ?? '';
    this.#width = Math.max(this.#width, this.count('RUNNING'));
  }

  addMetrics({ series }: MetricBatch): void {
    for (const { trial, name, steps, values } of series) {
      const latest = this.#metrics.get(trial) ?? { step: 0, loss: null, accuracy: null };
      latest.step = Math.max(latest.step, steps.at(-1) ?? 0);
      const value = values.at(-1) ?? null;
      if (name === lossMetric) latest.loss = value;
      if (name === accuracyMetric) latest.accuracy = value;
      this.#metrics.set(trial, latest);
    }
  }

  count(state: TrialState): number {
    return [...this.#trials.values()].filter((trial) => trial.state === state).length;
  }

  get endedCount(): number {
    return this.#trials.size - this.count('QUEUED') - this.count('RUNNING');
  }

  /** The most accurate of the completed trials; null before the first. */
  get best(): { readonly number: number; readonly accuracy: number } | null {
    const results = [...this.#trials.values()]
      .filter(({ state, values }) => state === 'COMPLETED' && values !== null)
      .map(({ number, values }) => ({ number, accuracy: values![accuracyMetric]! }));
    return results.sort((a, b) => b.accuracy - a.accuracy)[0] ?? null;
  }

  /** The trials that the study has made so far, by number. */
  trials(nowMs: number): WatchedTrial[] {
    return [...this.#trials.values()]
      .sort((a, b) => a.number - b.number)
      .map((trial) => {
        const latest = this.#metrics.get(trial.id);
        return {
          ...trial,
          elapsedMs: elapsedMs(trial, nowMs),
          step: latest?.step ?? null,
          loss: latest?.loss ?? null,
          accuracy: trial.values?.[accuracyMetric] ?? latest?.accuracy ?? null,
        };
      });
  }

  /** How long the whole study still takes if trials go on as they did; null while there is no telling. */
  remainingMs(nowMs: number): number | null {
    const trials = this.trials(nowMs);
    const running = trials.filter(({ state }) => state === 'RUNNING');
    const durations = trials.flatMap((trial) => expectedDurationMs(trial) ?? []);
    const mean = durations.length === 0 ? null : sum(durations) / durations.length;
    const expected = running.map((trial) => trialRemainingMs(trial) ?? mean);
    for (let waiting = this.trialCount - this.endedCount - running.length; waiting > 0; waiting--) {
      expected.push(mean);
    }
    if (expected.includes(null)) return null;
    const longest = Math.max(0, ...(expected as number[]));
    return Math.max(longest, sum(expected as number[]) / this.#width);
  }
}

/** How long a running trial still takes at its pace so far; null before its first report. */
export function trialRemainingMs({ step, totalSteps, elapsedMs }: WatchedTrial): number | null {
  if (!step || !totalSteps || elapsedMs === null) return null;
  return (elapsedMs / step) * Math.max(0, totalSteps - step);
}

/** Of a trial that has ended, how long it took; null while there is no telling. */
function expectedDurationMs(trial: WatchedTrial): number | null {
  if (hasEnded(trial)) return trial.elapsedMs;
  const remainingMs = trialRemainingMs(trial);
  return remainingMs === null ? null : trial.elapsedMs! + remainingMs;
}

export function hasEnded({ state }: Pick<WatchedTrial, 'state'>): boolean {
  return state !== 'QUEUED' && state !== 'RUNNING';
}

function elapsedMs({ startedAt, finishedAt }: TrialData, nowMs: number): number | null {
  if (startedAt === null) return null;
  const end = finishedAt === null ? nowMs : Date.parse(finishedAt);
  return Math.max(0, end - Date.parse(startedAt));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
