import type { Option, OptionKind } from './option.ts';

const metric: readonly Option[] = [
  {
    name: 'metric',
    label: 'Metric compared',
    kind: 'metric',
    usual: 'the first objective',
    help: 'Any that trials report.',
  },
  {
    name: 'direction',
    label: 'Better is',
    kind: 'direction',
    usual: 'as the objective',
    help: 'Needed for a metric that is no objective.',
  },
];
const ranked = metric.map((option) =>
  option.name === 'metric' ? { ...option, usual: 'all objectives' } : option,
);
const schedule: readonly Option[] = [
  {
    name: 'warmupSteps',
    label: 'Not before step',
    kind: 'number',
    usual: '0',
    help: 'No trial is judged before it.',
    integer: true,
    min: 0,
  },
  {
    name: 'interval',
    label: 'Steps between checks',
    kind: 'number',
    usual: '1',
    integer: true,
    min: 1,
  },
];
const startupTrials = (usual: string): Option => ({
  name: 'startupTrials',
  label: 'Trials before it prunes',
  kind: 'number',
  usual,
  help: 'So many must have completed.',
  integer: true,
  min: 1,
});
const minTrials: Option = {
  name: 'minTrials',
  label: 'Trials to compare with',
  kind: 'number',
  usual: '1',
  help: 'So many must have come as far, at least.',
  integer: true,
  min: 1,
};
const halving = (isMaxNeeded: boolean): readonly Option[] => [
  ...ranked,
  {
    name: 'minResource',
    label: 'First rung',
    kind: 'number',
    usual: '1',
    help: 'The step of the first comparison.',
    integer: true,
    min: 1,
  },
  {
    name: 'maxResource',
    label: 'Last step',
    kind: 'number',
    ...(isMaxNeeded ? {} : { usual: 'none' }),
    help: isMaxNeeded ? 'Needed: how far a trial runs.' : 'No rung is at or above it.',
    integer: true,
    above: 1,
  },
  {
    name: 'reductionFactor',
    label: 'Goes on: one of',
    kind: 'number',
    usual: '3',
    help: 'The share of each rung, and how much farther the next one is.',
    min: 2,
  },
  minTrials,
  {
    name: 'promotion',
    label: 'Promotion',
    kind: 'flag',
    help: 'Pauses trials and resumes the best, instead of ending them.',
  },
];

/** The pruners of the server and their options. */
export const prunerKinds: readonly OptionKind[] = [
  {
    name: 'median',
    hint: 'worse than the median',
    options: [...metric, startupTrials('5'), minTrials, ...schedule],
  },
  {
    name: 'percentile',
    hint: 'not among the best',
    options: [
      {
        name: 'percentile',
        label: 'Percent that go on',
        kind: 'number',
        usual: '25',
        help: 'The best of those that came as far.',
        min: 0,
        max: 100,
      },
      ...metric,
      startupTrials('5'),
      minTrials,
      ...schedule,
    ],
  },
  { name: 'asha', hint: 'successive halving', options: halving(false) },
  { name: 'hyperband', hint: 'halving in brackets', options: halving(true) },
  {
    name: 'threshold',
    hint: 'out of bounds',
    options: [
      {
        name: 'lower',
        label: 'Lowest value',
        kind: 'number',
        usual: 'none',
        help: 'This, the next, or both.',
      },
      { name: 'upper', label: 'Highest value', kind: 'number', usual: 'none' },
      metric[0]!,
      ...schedule,
    ],
  },
  {
    name: 'patient',
    hint: 'no better for long',
    options: [
      {
        name: 'patience',
        label: 'Reports without a better one',
        kind: 'number',
        help: 'Needed: so many are borne.',
        integer: true,
        min: 0,
      },
      {
        name: 'minDelta',
        label: 'Worse by more than',
        kind: 'number',
        usual: '0',
        help: 'Less is not yet worse.',
        min: 0,
      },
      ...metric,
      {
        name: 'pruner',
        label: 'And only if',
        kind: 'pruner',
        usual: 'none',
        help: 'Another one must agree.',
      },
    ],
  },
  {
    name: 'wilcoxon',
    hint: 'worse on the same folds',
    options: [
      {
        name: 'pThreshold',
        label: 'p-value below',
        kind: 'number',
        usual: '0.1',
        help: 'Of the signed-rank test.',
        min: 0,
        max: 1,
      },
      {
        name: 'startupSteps',
        label: 'Folds before it prunes',
        kind: 'number',
        usual: '2',
        integer: true,
        min: 0,
      },
      ...metric,
      ...schedule,
    ],
  },
  {
    name: 'front',
    hint: 'for several objectives',
    options: [
      {
        name: 'share',
        label: 'Share of the front',
        kind: 'number',
        usual: '0.25',
        help: 'So much of it must have been better in all objectives.',
        above: 0,
        max: 1,
      },
      {
        name: 'margin',
        label: 'Better by more than',
        kind: 'number',
        usual: '0',
        help: 'As a part of the front’s range.',
        min: 0,
      },
      {
        name: 'patience',
        label: 'Dominated reports borne',
        kind: 'number',
        usual: '1',
        help: 'In a row.',
        integer: true,
        min: 0,
      },
      startupTrials('10'),
      ...schedule,
    ],
  },
];
