import { trialStates } from '../core/trial.ts';
import { trialOrderFields } from '../core/trial-list/trial-order.ts';
import { builder } from './builder.ts';

export const StudyState = builder.enumType('StudyState', {
  values: ['CREATED', 'RUNNING', 'PAUSED', 'FINISHED'] as const,
});

export const TrialState = builder.enumType('TrialState', {
  description: 'INFEASIBLE: it broke a constraint, or did not fit into memory; an observation, not an error.',
  values: trialStates as readonly [
    'QUEUED',
    'RUNNING',
    'COMPLETED',
    'PRUNED',
    'INFEASIBLE',
    'FAILED',
    'CANCELLED',
  ],
});

export const Isolation = builder.enumType('Isolation', {
  description:
    'Where this server runs a trial. PROCESS: in a process of its own, which takes no other with it whatever it does.',
  values: { THREAD: { value: 'thread' }, PROCESS: { value: 'process' } } as const,
});

export const ReportAction = builder.enumType('ReportAction', {
  description:
    'What the worker of a trial should do. CONTINUE: go on. PAUSE: save what it needs to go on later, give the trial back with pauseTrial, and ask for another. STOP: end it.',
  values: ['CONTINUE', 'PAUSE', 'STOP'] as const,
});

export const Direction = builder.enumType('Direction', { values: ['MINIMIZE', 'MAXIMIZE'] as const });

export const Comparison = builder.enumType('Comparison', {
  values: ['LESS_OR_EQUAL', 'GREATER_OR_EQUAL'] as const,
});

export const StudyOrderField = builder.enumType('StudyOrderField', {
  values: ['CREATED_AT', 'NAME', 'UPDATED_AT'] as const,
});

export const TrialOrderField = builder.enumType('TrialOrderField', {
  description: 'Trials without it come last, in either direction.',
  values: trialOrderFields,
});
