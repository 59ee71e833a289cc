import { expect, test } from 'vitest';
import {
  isFeasible,
  nextStudyState,
  type StudyAction,
  type StudyState,
  violation,
} from '../../src/core/study.ts';
import {
  isFinal,
  nextTrialState,
  type TrialAction,
  type TrialState,
  trialStates,
} from '../../src/core/trial.ts';

test('every trial state answers every action', () => {
  const actions: TrialAction[] = [
    'claim',
    'requeue',
    'complete',
    'prune',
    'infeasible',
    'fail',
    'cancel',
    'abandon',
    'reject',
  ];
  const table = Object.fromEntries(
    trialStates.map((state) => [state, actions.map((action) => nextTrialState(state, action))]),
  );
  const nothing = [null, null, null, null, null, null, null, null, null];
  expect(table).toEqual({
    QUEUED: ['RUNNING', null, null, null, null, null, 'CANCELLED', 'PRUNED', 'INFEASIBLE'],
    RUNNING: [null, 'QUEUED', 'COMPLETED', 'PRUNED', 'INFEASIBLE', 'FAILED', 'CANCELLED', null, null],
    COMPLETED: nothing,
    PRUNED: nothing,
    INFEASIBLE: nothing,
    FAILED: nothing,
    CANCELLED: nothing,
  } satisfies Record<TrialState, unknown>);
});

test('a trial state is final exactly where no action leads out of it', () => {
  expect(trialStates.filter((state) => !isFinal(state))).toEqual(['QUEUED', 'RUNNING']);
});

test('every study state answers every action', () => {
  const states: StudyState[] = ['CREATED', 'RUNNING', 'PAUSED', 'FINISHED'];
  const actions: StudyAction[] = ['start', 'pause', 'finish'];
  const table = Object.fromEntries(
    states.map((state) => [state, actions.map((action) => nextStudyState(state, action))]),
  );
  expect(table).toEqual({
    CREATED: ['RUNNING', null, 'FINISHED'],
    RUNNING: ['RUNNING', 'PAUSED', 'FINISHED'],
    PAUSED: ['RUNNING', 'PAUSED', 'FINISHED'],
    FINISHED: ['RUNNING', null, 'FINISHED'],
  });
});

test('a broken constraint decides, an unknown metric leaves it open, NaN breaks', () => {
  const constraints = [
    { metric: 'seconds', comparison: 'LESS_OR_EQUAL', bound: 10 },
    { metric: 'constructor', comparison: 'GREATER_OR_EQUAL', bound: 0.5 },
  ] as const;
  expect(isFeasible(constraints, { seconds: 10, constructor: 0.5 } as never)).toBe(true);
  expect(isFeasible(constraints, { seconds: 10 })).toBeNull();
  expect(isFeasible(constraints, { seconds: 11 })).toBe(false);
  expect(isFeasible(constraints, { seconds: Number.NaN })).toBe(false);
  expect(isFeasible([], {})).toBe(true);
  expect(violation(constraints[0], 12)).toBe(2);
  expect(violation(constraints[0], Number.NaN)).toBe(Number.POSITIVE_INFINITY);
});
