import { isInside } from '../../core/search-space/membership.ts';
import { storedSpace } from '../../core/search-space/parse-search-space.ts';
import type { TrialRecord } from '../../storage/records.ts';
import { builder } from '../builder.ts';
import { TrialState } from '../enums.ts';
import { globalId, parseGlobalId } from '../global-id.ts';
import { MetricSeriesType, metricSeriesOf } from '../metric/metric-series.ts';
import { Node, StudyRef, TrialRef } from '../node.ts';

const MemoryUse = builder.objectRef<TrialRecord>('MemoryUse').implement({
  fields: (t) => ({
    predictedBytes: t.exposeFloat('predictedBytes', { nullable: true }),
    peakBytes: t.exposeFloat('peakBytes', { nullable: true }),
  }),
});

TrialRef.implement({
  interfaces: [Node],
  description: 'One run of a study’s trainable with one choice of parameters.',
  fields: (t) => ({
    id: t.id({ resolve: (trial) => globalId('trial', trial.id) }),
    number: t.exposeInt('number', { description: 'Dense from 0 within the study.' }),
    study: t.field({ type: StudyRef, resolve: (trial, _, { loaders }) => loaders.study.load(trial.studyId) }),
    state: t.expose('state', { type: TrialState }),
    params: t.field({ type: 'JSON', resolve: (trial) => trial.params }),
    values: t.field({ type: 'JSON', nullable: true, resolve: (trial) => trial.values }),
    feasible: t.exposeBoolean('feasible', { nullable: true }),
    insideSpace: t.field({
      type: 'Boolean',
      description:
        'Whether its params are in the study’s search space as it is now: false after a range was narrowed or a choice taken away. Samplers learn from such a trial what they can.',
      resolve: async (trial, _, { loaders }) => {
        const { searchSpace } = await loaders.study.load(trial.studyId);
        return isInside(storedSpace(searchSpace), trial.params, trial.state === 'QUEUED');
      },
    }),
    attempt: t.exposeInt('attempt', {
      description: 'Grows at every start; hand it in with reports and ends, and a stale worker is refused.',
    }),
    worker: t.exposeString('worker', { nullable: true }),
    device: t.exposeString('device', { nullable: true }),
    backend: t.exposeString('backend', { nullable: true }),
    error: t.exposeString('error', { nullable: true }),
    pruneReason: t.exposeString('pruneReason', {
      nullable: true,
      description: 'Why it was pruned; of a QUEUED trial, why it is paused.',
    }),
    held: t.exposeBoolean('held', {
      description:
        'Whether it was paused by request (pauseTrial). While RUNNING it is about to give its place back; while QUEUED it waits for resumeTrial.',
    }),
    promotions: t.exposeInt('promotions', {
      description: 'How often it was resumed after a pause; these attempts do not count as failures.',
    }),
    failures: t.exposeInt('failures', {
      description: 'How many of its attempts failed or were lost with their worker.',
    }),
    retryAt: t.expose('retryAt', {
      type: 'DateTime',
      nullable: true,
      description: 'While QUEUED after a failure, which `error` tells of: when its next attempt may start.',
    }),
    timeoutAt: t.expose('timeoutAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its newest attempt has run for longer than `Study.trialTimeoutSeconds` lets it.',
    }),
    retryOf: t.field({
      type: TrialRef,
      nullable: true,
      description: 'The trial whose parameters this one repeats.',
      resolve: (trial, _, { loaders }) => (trial.retryOf === null ? null : loaders.trial.load(trial.retryOf)),
    }),
    notes: t.exposeString('notes', { nullable: true, description: 'What people write about it: Markdown.' }),
    tags: t.stringList({ resolve: ({ tags }) => [...tags] }),
    totalSteps: t.exposeInt('totalSteps', {
      nullable: true,
      description: 'The last step it means to report, where that is known beforehand.',
    }),
    leaseUntil: t.expose('leaseUntil', { type: 'DateTime', nullable: true }),
    queuedAt: t.expose('queuedAt', { type: 'DateTime' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true }),
    memory: t.field({
      type: MemoryUse,
      nullable: true,
      resolve: (trial) => (trial.predictedBytes === null && trial.peakBytes === null ? null : trial),
    }),
    metricSeries: t.field({
      type: [MetricSeriesType],
      description: 'The series of this trial; maxPoints > 0 downsamples, keeping every extreme.',
      args: {
        names: t.arg.stringList(),
        maxPoints: t.arg.int({ defaultValue: 1000 }),
        fromStep: t.arg.int(),
        toStep: t.arg.int(),
      },
      resolve: (trial, args, { loaders }) => metricSeriesOf(loaders, trial.id, args),
    }),
  }),
});

builder.queryField('trial', (t) =>
  t.field({
    type: TrialRef,
    nullable: true,
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_, { id }, { engine }) =>
      (await engine.trials.findMany([parseGlobalId('trial', id)]))[0] ?? null,
  }),
);
