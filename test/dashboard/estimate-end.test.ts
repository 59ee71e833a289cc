import { expect, test } from 'vitest';
import type { StudyData } from '../../src/client/index.ts';
import { estimateEndMs } from '../../src/dashboard/pages/study/estimate-end.ts';

const now = Date.parse('2026-03-10T12:00:00Z');
const counts = {
  queued: 0,
  running: 2,
  completed: 8,
  pruned: 2,
  infeasible: 0,
  failed: 0,
  cancelled: 0,
  total: 12,
};
const study = (part: object) =>
  ({
    state: 'RUNNING',
    startedAt: new Date(now - 100_000).toISOString(),
    trialCounts: counts,
    stopRules: {},
    ...part,
  }) as unknown as StudyData;

test('the first of the rules that can be foreseen says when a study ends', () => {
  expect(estimateEndMs(study({ stopRules: { maxTrials: 20 } }), null, now)).toBe(100_000);
  expect(estimateEndMs(study({ stopRules: { maxTrials: 20, timeoutSeconds: 130 } }), null, now)).toBe(30_000);
  expect(estimateEndMs(study({ stopRules: { deviceSeconds: 200 } }), 180, now)).toBe(10_000);
  expect(estimateEndMs(study({ stopRules: { timeoutSeconds: 60 } }), null, now)).toBe(0);
});

test('there is no telling of studies that do not run, have no such rule, or have hardly begun', () => {
  expect(estimateEndMs(study({ state: 'PAUSED', stopRules: { maxTrials: 20 } }), null, now)).toBeNull();
  expect(estimateEndMs(study({ stopRules: { patience: 5 } }), null, now)).toBeNull();
  const few = { ...counts, completed: 1, pruned: 0, total: 3 };
  expect(estimateEndMs(study({ trialCounts: few, stopRules: { maxTrials: 20 } }), null, now)).toBeNull();
});
