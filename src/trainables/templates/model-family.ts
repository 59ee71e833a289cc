import * as z from 'zod';
import type { Condition, SearchSpaceInput } from '../../core/search-space/space.ts';
import { cnnFamily } from './cnn.ts';
import { denseFamily } from './dense.ts';
import { lstmFamily } from './lstm.ts';
import { type ModelFamily, supervisedTemplate } from './supervised-template.ts';
import { trainingParams, trainingSpace } from './training-params.ts';

const families = { dense: denseFamily, cnn: cnnFamily, lstm: lstmFamily };
type FamilyName = keyof typeof families;
const names = Object.keys(families) as FamilyName[];

const params = z.strictObject({
  family: z.enum(names, `must be ${names.join(', ')}`).default('dense'),
  ...denseFamily.params.shape,
  ...cnnFamily.params.shape,
  ...lstmFamily.params.shape,
});
type FamilyParams = z.infer<typeof params> &
  Parameters<typeof denseFamily.build>[1] &
  Parameters<typeof cnnFamily.build>[1] &
  Parameters<typeof lstmFamily.build>[1];

/** Which kind of network, and each kind's own parameters: one conditional space. */
export const modelFamily = supervisedTemplate<FamilyParams>({
  name: 'model-family',
  description:
    'Dense, convolutional or LSTM: the kind of network is a parameter, with each kind’s own below it.',
  space: {
    family: { type: 'categorical', choices: names },
    ...trainingSpace,
    ...Object.assign({}, ...names.map(ownSpace)),
  },
  params: params as unknown as ModelFamily<FamilyParams>['params'],
  // Those that every family takes.
  inputs: ['image', 'text'],
  build: (tf, chosen, ...rest) => families[chosen.family].build(tf, chosen, ...rest),
  addLayers: (size, chosen, input) => families[chosen.family].addLayers(size, chosen, input),
});

/** The parameters that only one family has, under the condition that it is chosen. */
function ownSpace(family: FamilyName): SearchSpaceInput {
  const own = Object.entries(families[family].space).filter(([name]) => !Object.hasOwn(trainingParams, name));
  return Object.fromEntries(
    own.map(([name, parameter]) => {
      const when: Condition = { family, ...parameter.when };
      return [name, { ...parameter, when }];
    }),
  );
}
