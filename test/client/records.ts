import type { StudyData, TrialData } from '../../src/client/generated.ts';

const at = '2026-01-31T12:00:00.000Z';

export function studyRecord(changes: Partial<StudyData> = {}): StudyData {
  return {
    id: 'study-1',
    name: 'digits',
    project: 'default',
    description: null,
    state: 'RUNNING',
    stopReason: null,
    trainable: null,
    trainableOptions: {},
    objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
    constraints: [],
    scalarisation: null,
    searchSpace: {},
    sampler: { kind: 'random' },
    pruner: null,
    stopRules: {},
    maxConcurrentTrials: null,
    priority: 0,
    tags: [],
    seed: 1,
    createdAt: at,
    updatedAt: at,
    startedAt: at,
    finishedAt: null,
    trialCounts: {
      queued: 0,
      running: 0,
      completed: 0,
      pruned: 0,
      infeasible: 0,
      failed: 0,
      cancelled: 0,
      total: 0,
    },
    cursor: '0',
    ...changes,
  };
}

export function trialRecord(changes: Partial<TrialData> = {}): TrialData {
  return {
    id: 'trial-1',
    number: 0,
    study: { id: 'study-1' },
    state: 'RUNNING',
    params: { rate: 0.1 },
    values: null,
    feasible: null,
    attempt: 1,
    worker: null,
    device: null,
    backend: null,
    error: null,
    pruneReason: null,
    promotions: 0,
    notes: null,
    tags: [],
    totalSteps: null,
    leaseUntil: at,
    queuedAt: at,
    startedAt: at,
    finishedAt: null,
    memory: null,
    ...changes,
  };
}
