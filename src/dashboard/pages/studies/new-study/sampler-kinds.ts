import type { OptionKind } from './option.ts';

/** The samplers of the server and their options beside `seed`, which all of them take. */
export const samplerKinds: readonly OptionKind[] = [
  { name: 'auto', hint: 'by the problem', options: [] },
  {
    name: 'tpe',
    hint: 'learns from results',
    options: [
      {
        name: 'startupTrials',
        label: 'Trials before it learns',
        kind: 'number',
        usual: '10',
        help: 'They only spread over the space.',
        integer: true,
        min: 1,
        max: 100_000,
      },
      {
        name: 'candidates',
        label: 'Candidates',
        kind: 'number',
        usual: '24',
        help: 'Settings that are weighed for each suggestion.',
        integer: true,
        min: 1,
        max: 10_000,
      },
    ],
  },
  { name: 'sobol', hint: 'evenly spread', options: [] },
  { name: 'random', hint: 'independent draws', options: [] },
  {
    name: 'grid',
    hint: 'a raster, each point once',
    options: [
      {
        name: 'steps',
        label: 'Values of each range',
        kind: 'steps',
        usual: '5, or {"rate": 5}',
        help: 'For all ranges, or by parameter; needed where a range has over 1,000 values.',
      },
    ],
  },
  { name: 'exhaustive', hint: 'every setting once', options: [] },
];
