import type { StudySettings } from '../../src/core/study.ts';

let studies = 0;

/** The settings of a study of its own name, for trials that are run elsewhere. */
export function studySettings(settings: Partial<StudySettings> = {}): StudySettings {
  return {
    name: `study ${++studies}`,
    project: 'default',
    description: null,
    trainable: null,
    trainableOptions: {},
    objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
    constraints: [],
    scalarisation: null,
    searchSpace: { x: { type: 'float', low: 0, high: 1 } },
    sampler: { kind: 'random' },
    pruner: null,
    stopRules: {},
    maxConcurrentTrials: null,
    priority: 0,
    isolation: null,
    trialTimeoutSeconds: null,
    retries: null,
    tags: [],
    ...settings,
  };
}
