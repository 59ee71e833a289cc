import type { TrialData } from '../../../src/client/index.ts';
import { StudyWatch } from '../../../src/commands/demo/study-watch.ts';

export const startedMs = Date.parse('2026-01-01T00:00:00Z');

export function trialData(number: number, data: Partial<TrialData>): TrialData {
  const after = (ms: number): string => new Date(startedMs + ms).toISOString();
  return {
    id: `trial-${number}`,
    number,
    study: { id: 'study-1' },
    state: 'RUNNING',
    params: {
      layers: 2,
      units1: 128,
      units2: 64,
      activation: 'relu',
      dropout: 0.25,
      batchSize: 128,
      optimizer: 'sgd',
      learningRate: 1.5e-3,
      momentum: 0.9,
    },
    values: null,
    feasible: null,
    attempt: 1,
    worker: 'server',
    device: 'a processor',
    backend: 'wasm',
    error: null,
    pruneReason: null,
    held: false,
    promotions: 0,
    notes: null,
    tags: [],
    failures: 0,
    retryAt: null,
    timeoutAt: null,
    totalSteps: 50,
    leaseUntil: null,
    queuedAt: after(0),
    startedAt: after(0),
    finishedAt: null,
    memory: null,
    ...data,
  };
}

export function completed(number: number, accuracy: number, seconds: number): TrialData {
  return trialData(number, {
    state: 'COMPLETED',
    values: { valAccuracy: accuracy, trainSeconds: seconds },
    finishedAt: new Date(startedMs + seconds * 1000).toISOString(),
  });
}

export function watchTrials(trialCount: number, trials: readonly TrialData[]): StudyWatch {
  const watch = new StudyWatch(trialCount);
  for (const trial of trials)
    watch.addEvent({ kind: 'TRIAL_STARTED', at: trial.queuedAt, trial, study: null });
  return watch;
}

export function reportStep(watch: StudyWatch, number: number, step: number): void {
  const column = {
    steps: Int32Array.of(step),
    values: Float64Array.of(0.5),
    times: Float64Array.of(startedMs),
  };
  watch.addMetrics({ cursor: '', series: [{ trial: `trial-${number}`, name: 'loss', ...column }] });
}
