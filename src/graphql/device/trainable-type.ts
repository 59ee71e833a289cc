import { datasetNames } from '../../trainables/datasets/load-dataset.ts';
import type { Trainable } from '../../trainables/trainable.ts';
import { builder } from '../builder.ts';

export const TrainableType = builder.objectRef<Trainable>('Trainable').implement({
  description: 'Code that a trial can run, installed by the operator of this server.',
  fields: (t) => ({
    name: t.exposeString('name'),
    description: t.exposeString('description'),
    searchSpace: t.field({ type: 'JSON', resolve: (trainable) => trainable.space }),
    optionsSchema: t.field({
      type: 'JSON',
      nullable: true,
      description:
        'JSON Schema of what `trainableOptions` may hold, with defaults and descriptions; null where it takes anything.',
      resolve: (trainable) => trainable.optionsSchema(),
    }),
    metrics: t.stringList({ resolve: (trainable) => [...trainable.metrics] }),
  }),
});

builder.queryField('trainables', (t) =>
  t.field({
    type: [TrainableType],
    resolve: (_, _args, { engine }) => [...engine.trainables.values()],
  }),
);

builder.queryField('datasets', (t) =>
  t.stringList({
    description: 'What `trainableOptions.dataset` of the built-in trainables may name: docs/datasets.md.',
    resolve: () => datasetNames(),
  }),
);
