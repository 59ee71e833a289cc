import { expect, test } from 'vitest';
import { LiveStudyView } from '../../src/core/live-study-view.ts';
import { parseSearchSpace } from '../../src/core/search-space/parse-search-space.ts';
import { stopReason } from '../../src/core/stop-reason.ts';

const progress = {
  ...{ trialLimit: 10, trialCount: 3, unfinished: 0, held: 0, settingsLeft: 9, elapsedMs: 0, deviceMs: 0 },
  regretBound: () => null,
};

function viewOf(...accuracies: number[]): LiveStudyView {
  const view = new LiveStudyView({
    space: parseSearchSpace({ x: { type: 'float', low: 0, high: 1 } }),
    objectives: [{ metric: 'accuracy', direction: 'MAXIMIZE' }],
    constraints: [],
  });
  for (const [number, accuracy] of accuracies.entries()) {
    view.apply({ number, state: 'COMPLETED', params: { x: 0.5 }, values: { accuracy }, feasible: null });
  }
  return view;
}

test('a study ends at the first trial that reaches the target, and not before', () => {
  const rules = { target: { metric: 'accuracy', value: 0.9 } };
  expect(stopReason(rules, viewOf(0.8, 0.89, Number.NaN), progress)).toBeNull();
  expect(stopReason(rules, viewOf(0.8, 0.9, 0.95), progress)).toBe(
    'Target reached: accuracy is 0.9 in trial 1 (asked for: 0.9).',
  );
});

test('a study ends after so many trials without a better one, equal ones among them', () => {
  expect(stopReason({ patience: 2 }, viewOf(0.5, 0.4), progress)).toBeNull();
  expect(stopReason({ patience: 2 }, viewOf(0.5, 0.4, 0.5), progress)).toBe('No improvement for 2 trials.');
  expect(stopReason({ patience: 2 }, viewOf(0.5, 0.4, 0.6), progress)).toBeNull();
});

test('a study ends when all of its trials are done, not while some are under way', () => {
  const full = { ...progress, trialLimit: 3 };
  expect(stopReason({ maxTrials: 3 }, viewOf(0.1), { ...full, unfinished: 1 })).toBeNull();
  expect(stopReason({ maxTrials: 3 }, viewOf(0.1), full)).toBe('All 3 trials are done.');
  expect(stopReason({ maxTrials: 3 }, viewOf(0.1), { ...full, held: 1 })).toBe(
    'All 3 trials are done, or paused by request.',
  );
});
