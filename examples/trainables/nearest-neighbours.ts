import { defineTrainable, loadedDataset } from 'trialgraph/trainable';
import * as z from 'zod';
import { distance, type Power } from './distances/minkowski.ts';

// A method of its own on a dataset of its own: a table of the operator's folder, loaded once and shared by all threads.

const folds = 5;

export default defineTrainable({
  name: 'nearest-neighbours',
  description: 'Classes of a table by a vote of the nearest examples, scored by cross-validation.',
  space: {
    neighbours: { type: 'int', low: 1, high: 60, log: true },
    power: { type: 'categorical', choices: [1, 2] },
  },
  params: z.strictObject({
    neighbours: z.int().min(1),
    power: z.literal([1, 2]).default(2) as z.ZodType<Power>,
  }),
  options: z.strictObject({ dataset: z.string().default('moons') }),
  metrics: ['accuracy'],
  datasets: ({ dataset }) => [dataset],
  totalSteps: () => folds,
  run: async (trial) => {
    const { neighbours, power } = trial.params;
    const { train, input, target } = loadedDataset(trial.options.dataset);
    if (input.kind !== 'table' || target.kind !== 'class') throw new Error('It needs a table with classes.');
    const width = input.shape[0];
    const example = (i: number) => train.features.subarray(i * width, (i + 1) * width);
    let right = 0;
    let seen = 0;
    for (let fold = 0; fold < folds; fold++) {
      for (let i = fold; i < train.count; i += folds) {
        await trial.nextBatch();
        const others = Array.from({ length: train.count }, (_, j) => j)
          .filter((j) => j % folds !== fold)
          .map((j) => ({ far: distance(example(i), example(j), power), vote: train.targets[j]! }))
          .sort((a, b) => a.far - b.far);
        const votes = new Array<number>(target.classes.length).fill(0);
        for (const { vote } of others.slice(0, neighbours)) votes[vote]!++;
        if (votes.indexOf(Math.max(...votes)) === train.targets[i]) right++;
        seen++;
      }
      await trial.report(fold + 1, { accuracy: right / seen });
    }
    trial.log(`${right} of ${seen} were told right`);
    return { accuracy: right / seen };
  },
});
