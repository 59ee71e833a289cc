import type { BestSoFar } from '../../core/pareto/best-so-far.ts';
import { builder } from '../builder.ts';
import { StudyRef } from '../node.ts';

const BestSoFarType = builder.objectRef<BestSoFar & { readonly metric: string }>('BestSoFar').implement({
  description:
    'How an objective, by itself, came to its best value: one entry for each result (a completed trial that keeps the constraints) that was better than all before it. The last one is the best.',
  fields: (t) => ({
    metric: t.exposeString('metric'),
    numbers: t.exposeIntList('numbers', { description: 'Of the trials.' }),
    results: t.exposeIntList('results', { description: 'How many results there were by then.' }),
    values: t.exposeFloatList('values'),
  }),
});

builder.objectFields(StudyRef, (t) => ({
  bestSoFar: t.field({
    type: [BestSoFarType],
    description: 'One for each objective. Cheap, also for lists of studies.',
    resolve: async (study, _, { engine }) => {
      const bests = await engine.bestsSoFar.of(study);
      return study.objectives.map(({ metric }, k) => ({ metric, ...bests[k]! }));
    },
  }),
  deviceSeconds: t.float({
    description: 'How long its trials have run, all together.',
    resolve: async (study, _, { engine }) =>
      (await engine.live.asOf(study)).deviceMs(engine.now().getTime()) / 1000,
  }),
}));
