import { chosenObjectives } from '../../core/importance/parameter-importances.ts';
import type { IdleParameter } from '../../core/insights/idle-parameters.ts';
import type { NarrowerSpace, ParameterChange } from '../../core/insights/narrower-space.ts';
import type { SpentTrials } from '../../core/insights/spent-trials.ts';
import { type StudyInsights, studyInsights } from '../../core/insights/study-insights.ts';
import type { UnexploredSpace } from '../../core/insights/unexplored-space.ts';
import type { UselessRange } from '../../core/insights/useless-ranges.ts';
import { builder } from '../builder.ts';
import { parseGlobalId } from '../global-id.ts';
import { ParameterImportanceType } from './parameter-importance.ts';

const IdleParameterType = builder.objectRef<IdleParameter>('IdleParameter').implement({
  description:
    'A parameter that never mattered by itself: over 60 trials or more, those with its different values did equally well (Kruskal-Wallis, p >= 0.1).',
  fields: (t) => ({
    parameter: t.exposeString('parameter'),
    importance: t.exposeFloat('importance'),
    trials: t.exposeInt('trials', { description: 'How many trials had it.' }),
    pValue: t.exposeFloat('pValue'),
    sentence: t.exposeString('sentence'),
  }),
});

const UselessRangeType = builder.objectRef<UselessRange>('UselessRange').implement({
  description:
    'Values of a parameter that nothing good came from, though they were tried too often for chance (exact hypergeometric test, p < 0.05 over all ranges that were looked at).',
  fields: (t) => ({
    parameter: t.exposeString('parameter'),
    low: t.exposeFloat('low', { nullable: true, description: 'Included; null for a categorical parameter.' }),
    high: t.exposeFloat('high', {
      nullable: true,
      description: 'Included; null for a categorical parameter.',
    }),
    choices: t.field({
      type: 'JSON',
      nullable: true,
      description: 'A list of choices; null for a numeric parameter.',
      resolve: ({ choices }) => choices,
    }),
    trials: t.exposeInt('trials', { description: 'How many trials tried it.' }),
    bestValues: t.field({
      type: 'JSON',
      description: 'By objective, the best value there; null where no trial ended with one.',
      resolve: ({ bestValues }) => bestValues,
    }),
    pValue: t.exposeFloat('pValue'),
    deviceHours: t.exposeFloat('deviceHours'),
    sentence: t.exposeString('sentence'),
  }),
});

const SpentOutcome = builder.enumType('SpentOutcome', {
  description: 'DOMINATED: only with several objectives.',
  values: ['DOMINATED', 'PRUNED', 'INFEASIBLE', 'FAILED'] as const,
});

const SpentTrialsType = builder.objectRef<SpentTrials>('SpentTrials').implement({
  description: 'The trials that did not give what was looked for, by why.',
  fields: (t) => ({
    outcome: t.expose('outcome', { type: SpentOutcome }),
    trials: t.exposeInt('trials'),
    share: t.exposeFloat('share', {
      description: 'Of all trials that ended, those that were cancelled apart.',
    }),
    deviceHours: t.exposeFloat('deviceHours'),
    sentence: t.exposeString('sentence'),
  }),
});

const UnexploredSpaceType = builder.objectRef<UnexploredSpace>('UnexploredSpace').implement({
  description:
    'The share of evenly spread points of the space, of those that are feasible as far as the nearest trials tell, with no trial within `distance` of the range of each of `parameters`.',
  fields: (t) => ({
    share: t.exposeFloat('share'),
    parameters: t.stringList({ resolve: ({ parameters }) => parameters }),
    distance: t.exposeFloat('distance'),
    points: t.exposeInt('points'),
    sentence: t.exposeString('sentence'),
  }),
});

const SpaceChange = builder.objectRef<ParameterChange>('SpaceChange').implement({
  fields: (t) => ({
    parameter: t.exposeString('parameter'),
    keptShare: t.exposeFloat('keptShare', {
      description: 'Of its range or choices; 0 where the parameter exists no more.',
    }),
    sentence: t.exposeString('sentence'),
  }),
});

const SuggestedSpace = builder.objectRef<NarrowerSpace>('SuggestedSpace').implement({
  description: 'The space without its useless ends and choices; every good trial lies inside.',
  fields: (t) => ({
    searchSpace: t.field({
      type: 'JSON',
      description: 'As `cloneStudy` takes it.',
      resolve: ({ searchSpace }) => searchSpace,
    }),
    changes: t.field({ type: [SpaceChange], resolve: ({ changes }) => changes }),
    keptVolume: t.exposeFloat('keptVolume', {
      description: 'The product, over the parameters, of the shares of their ranges that are left.',
    }),
    sentence: t.exposeString('sentence'),
  }),
});

const StudyInsightsType = builder.objectRef<StudyInsights>('StudyInsights').implement({
  description: 'What the trials so far tell about the search space.',
  fields: (t) => ({
    trials: t.exposeInt('trials', { description: 'Those that ended completed, pruned or infeasible.' }),
    goodTrials: t.exposeInt('goodTrials', {
      description: 'The best tenth of them; with several objectives, the best non-domination ranks.',
    }),
    deviceHours: t.exposeFloat('deviceHours', { description: 'Of all trials that ended.' }),
    importances: t.field({ type: [ParameterImportanceType], resolve: ({ importances }) => importances }),
    idleParameters: t.field({ type: [IdleParameterType], resolve: (insights) => insights.idleParameters }),
    uselessRanges: t.field({ type: [UselessRangeType], resolve: (insights) => insights.uselessRanges }),
    uselessDeviceHours: t.exposeFloat('uselessDeviceHours', {
      description: 'What the trials in useless ranges took, each counted once.',
    }),
    spentTrials: t.field({ type: [SpentTrialsType], resolve: (insights) => insights.spentTrials }),
    unexplored: t.field({ type: UnexploredSpaceType, resolve: ({ unexplored }) => unexplored }),
    suggestedSpace: t.field({ type: SuggestedSpace, resolve: ({ suggestedSpace }) => suggestedSpace }),
    sentences: t.stringList({
      description: 'All of it in words, what matters most first.',
      resolve: ({ sentences }) => sentences,
    }),
  }),
});

builder.queryField('studyInsights', (t) =>
  t.field({
    type: StudyInsightsType,
    description:
      'Which settings are useless: parameters that never mattered, ranges nothing good came from, what they took, and a narrower space.',
    args: {
      study: t.arg.id({ required: true }),
      objective: t.arg.string({ description: 'What makes a trial good; absent: all objectives.' }),
    },
    resolve: async (_, args, { engine }) => {
      const study = await engine.studies.get(parseGlobalId('study', args.study, 'study'));
      const live = await engine.live.asOf(study);
      const metric = args.objective ?? null;
      const objectives = chosenObjectives(live.problem, metric);
      return live.derive(`insights ${metric ?? ''}`, (view) =>
        studyInsights(view, objectives, live.durationsMs),
      );
    },
  }),
);
