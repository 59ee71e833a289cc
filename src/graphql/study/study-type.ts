import { bestTrials } from '../../core/pareto/best-trials.ts';
import type { TrialCounts } from '../../core/trial-counts.ts';
import { builder } from '../builder.ts';
import { TrainableType } from '../device/trainable-type.ts';
import { Comparison, Direction, Isolation, StudyState, TrialState } from '../enums.ts';
import { globalId } from '../global-id.ts';
import { Node, StudyRef, TrialRef } from '../node.ts';
import { TrialColumnsType, trialColumnsOf } from '../trial/trial-columns.ts';
import { TrialConnection, trialConnection } from '../trial/trial-connection.ts';
import { TrialFilterInput, TrialOrderInput } from '../trial/trial-inputs.ts';
import {
  ImportanceBaselineEnum,
  importancesOfStudy,
  ParameterImportanceType,
} from './parameter-importance.ts';

const Objective = builder
  .objectRef<{ metric: string; direction: 'MINIMIZE' | 'MAXIMIZE' }>('Objective')
  .implement({
    fields: (t) => ({
      metric: t.exposeString('metric'),
      direction: t.expose('direction', { type: Direction }),
    }),
  });

const Constraint = builder
  .objectRef<{ metric: string; comparison: 'LESS_OR_EQUAL' | 'GREATER_OR_EQUAL'; bound: number }>(
    'Constraint',
  )
  .implement({
    fields: (t) => ({
      metric: t.exposeString('metric'),
      comparison: t.expose('comparison', { type: Comparison }),
      bound: t.exposeFloat('bound'),
    }),
  });

const TrialCountsType = builder.objectRef<TrialCounts>('TrialCounts').implement({
  fields: (t) => ({
    queued: t.exposeInt('queued'),
    running: t.exposeInt('running'),
    completed: t.exposeInt('completed'),
    pruned: t.exposeInt('pruned'),
    infeasible: t.exposeInt('infeasible'),
    failed: t.exposeInt('failed'),
    cancelled: t.exposeInt('cancelled'),
    total: t.exposeInt('total'),
  }),
});

StudyRef.implement({
  interfaces: [Node],
  description: 'A search for good parameters: its problem, its settings and its trials.',
  fields: (t) => ({
    id: t.id({ resolve: (study) => globalId('study', study.id) }),
    name: t.exposeString('name'),
    project: t.exposeString('project'),
    description: t.exposeString('description', { nullable: true }),
    state: t.expose('state', { type: StudyState }),
    stopReason: t.exposeString('stopReason', {
      nullable: true,
      description: 'Why it ended, in words; null before.',
    }),
    trainable: t.field({
      type: TrainableType,
      nullable: true,
      description: 'What its trials run; null when they are run elsewhere (ask, report, tell).',
      resolve: (study, _, { engine }) => (study.trainable && engine.trainables.get(study.trainable)) || null,
    }),
    trainableOptions: t.field({ type: 'JSON', resolve: (study) => study.trainableOptions }),
    objectives: t.field({ type: [Objective], resolve: (study) => study.objectives }),
    constraints: t.field({ type: [Constraint], resolve: (study) => study.constraints }),
    scalarisation: t.field({
      type: 'JSON',
      nullable: true,
      description: 'How the sampler makes one objective of several; null: it sees all.',
      resolve: (study) => study.scalarisation,
    }),
    searchSpace: t.field({ type: 'JSON', resolve: (study) => study.searchSpace }),
    sampler: t.field({ type: 'JSON', resolve: (study) => study.sampler }),
    pruner: t.field({ type: 'JSON', nullable: true, resolve: (study) => study.pruner }),
    stopRules: t.field({ type: 'JSON', resolve: (study) => study.stopRules }),
    maxConcurrentTrials: t.exposeInt('maxConcurrentTrials', { nullable: true }),
    priority: t.exposeInt('priority', {
      description: 'Its trials start before those of studies with a lower one.',
    }),
    isolation: t.expose('isolation', {
      type: Isolation,
      nullable: true,
      description: 'Where this server runs its trials; null: as its trainable says.',
    }),
    trialTimeoutSeconds: t.exposeFloat('trialTimeoutSeconds', {
      nullable: true,
      description: 'How long an attempt of a trial may run; null: for ever.',
    }),
    retries: t.field({
      type: 'JSON',
      description: 'How often and after what time trials are started again.',
      resolve: (study, _, { engine }) => engine.trialLife.retriesOf(study),
    }),
    tags: t.stringList({ resolve: (study) => study.tags }),
    seed: t.exposeInt('seed', { description: 'Seeds every suggestion, together with the trial’s number.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true }),
    trialCounts: t.field({
      type: TrialCountsType,
      resolve: (study, _, { engine, loaders }) =>
        engine.live.known(study)?.view.trialCounts ?? loaders.trialCounts.load(study.id),
    }),
    trials: t.field({
      type: TrialConnection,
      args: {
        first: t.arg.int({ defaultValue: 50 }),
        after: t.arg.string(),
        offset: t.arg.int({
          defaultValue: 0,
          description: 'How many trials behind `after`, or from the first on, are passed over.',
        }),
        filter: t.arg({ type: TrialFilterInput }),
        orderBy: t.arg({ type: TrialOrderInput }),
      },
      resolve: (study, args, { engine }) => trialConnection(engine, study, args),
    }),
    trialTags: t.stringList({
      description: 'The tags that its trials have, by name.',
      resolve: (study, _, { engine }) => engine.trials.tags(study.id),
    }),
    bestTrials: t.field({
      type: [TrialRef],
      description:
        'One objective: the best trials, best first. Several: the Pareto front of the feasible trials.',
      args: { first: t.arg.int({ defaultValue: 10 }) },
      resolve: async (study, { first }, { engine }) => {
        const limit = Math.max(0, first ?? 10);
        const live = await engine.live.asOf(study);
        const best = live.derive(`best ${limit}`, (view) => bestTrials(view, limit));
        return engine.trials.findByNumbers(
          study.id,
          best.map((trial) => trial.number),
        );
      },
    }),
    trialColumns: t.field({
      type: TrialColumnsType,
      description: 'Columns over all finished trials, for plots: one entry a trial, in trial order.',
      args: {
        params: t.arg.stringList({ description: 'Only these parameters; absent: all.' }),
        states: t.arg({ type: [TrialState] }),
      },
      resolve: (study, args, { engine }) => trialColumnsOf(engine, study, args),
    }),
    importances: t.field({
      type: [ParameterImportanceType],
      description:
        'How much each parameter matters for being among the best tenth of the trials, most first.',
      args: {
        objective: t.arg.string({
          description: 'A metric; absent: the objective, or with several the way to the front.',
        }),
        baseline: t.arg({ type: ImportanceBaselineEnum, defaultValue: 'trials' }),
      },
      resolve: (study, { objective, baseline }, { engine }) =>
        importancesOfStudy(engine, study, objective ?? null, baseline ?? 'trials'),
    }),
    cursor: t.field({
      type: 'Cursor',
      description: 'The position of this state in the study’s events: subscribe after it to miss nothing.',
      resolve: (study) => String(study.lastEvent),
    }),
  }),
});
