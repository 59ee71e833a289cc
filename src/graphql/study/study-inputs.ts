import { builder } from '../builder.ts';
import { Comparison, Direction, Isolation, StudyOrderField, StudyState } from '../enums.ts';

const retriesDescription = `How often a trial is started again: {"lost": 3, "failed": 0, "delaySeconds": 1, "maxDelaySeconds": 300} by default,
each optional. \`lost\` (the server's trialRetries) is for those whose worker died; \`failed\` for those that FAILED, which
mostly would fail again; both count all failures of the trial. The delay doubles each time, half of it random.`;

const ObjectiveInput = builder.inputType('ObjectiveInput', {
  fields: (t) => ({
    metric: t.string({ required: true }),
    direction: t.field({ type: Direction, required: true }),
  }),
});

const ConstraintInput = builder.inputType('ConstraintInput', {
  fields: (t) => ({
    metric: t.string({ required: true }),
    comparison: t.field({ type: Comparison, required: true }),
    bound: t.float({ required: true }),
  }),
});

export const CreateStudyInput = builder.inputType('CreateStudyInput', {
  fields: (t) => ({
    name: t.string({ required: true, description: 'Unique within the project.' }),
    project: t.string({ defaultValue: 'default' }),
    description: t.string(),
    trainable: t.string({
      description:
        'What the trials run (see `trainables`); absent: they are run elsewhere (ask, report, tell).',
    }),
    trainableOptions: t.field({
      type: 'JSON',
      description: 'Fixed settings of the trainable: dataset, epochs, ...',
    }),
    objectives: t.field({ type: [ObjectiveInput], required: { list: true, items: true } }),
    constraints: t.field({ type: [ConstraintInput], required: { list: false, items: true } }),
    scalarisation: t.field({
      type: 'JSON',
      description:
        'Makes one objective of several for the sampler; the front stays over all. {"kind": "linear" or "tchebycheff", "weights": {"loss": 2, "seconds": 1}} or {"kind": "epsilonConstraint", "objective": "loss", "bounds": {"seconds": 60}}.',
    }),
    searchSpace: t.field({
      type: 'JSON',
      description:
        'Parameters by name, such as {"rate": {"type": "float", "low": 1e-4, "high": 0.1, "log": true}}, and constraints between them under "$constraints" (docs/search-spaces.md); absent: the trainable’s own.',
    }),
    sampler: t.field({
      type: 'JSON',
      description: `{"kind": "auto"} by default. Others: random; sobol (evenly spread); tpe (learns from what was tried:
\`startupTrials\`, \`candidates\`); grid (\`steps\`, a number or {"rate": 5} by parameter) and exhaustive (every
setting), which try each setting once and then end the study. \`seed\` makes a study repeatable.`,
    }),
    pruner: t.field({
      type: 'JSON',
      description:
        '{"kind": "median"}, or percentile, threshold, patient, asha, hyperband, wilcoxon, front (several objectives); absent or null: none. asha and hyperband with {"promotion": true} pause trials and resume the best.',
    }),
    stopRules: t.field({
      type: 'JSON',
      description:
        '{"maxTrials", "timeoutSeconds", "deviceSeconds", "target": {"metric", "value"}, "patience", "regretBound": {"threshold"}}, each optional: ' +
        'trials, wall time, the time of all trials together, a value to reach, trials without a better result, and ' +
        'what a better setting can gain at most, as a Gaussian process bounds it (see docs/stop-rules.md).',
    }),
    maxConcurrentTrials: t.int(),
    priority: t.int({
      description:
        'From -1000 to 1000, 0 by default: its trials start before those of studies with a lower one; among equals the study with the fewest running trials comes first.',
    }),
    isolation: t.field({ type: Isolation, description: 'Absent: as the trainable says, mostly THREAD.' }),
    trialTimeoutSeconds: t.float({
      description:
        'How long an attempt of a trial may run, wherever it runs; then it is FAILED and stopped. Absent: for ever.',
    }),
    retries: t.field({ type: 'JSON', description: retriesDescription }),
    tags: t.stringList(),
  }),
});

export const UpdateStudyInput = builder.inputType('UpdateStudyInput', {
  description: 'Absent fields stay as they are.',
  fields: (t) => ({
    description: t.string(),
    tags: t.stringList(),
    searchSpace: t.field({
      type: 'JSON',
      description: 'Trials to come are suggested from it; earlier ones stay, see Trial.insideSpace.',
    }),
    scalarisation: t.field({ type: 'JSON', description: 'null: the sampler sees all objectives again.' }),
    stopRules: t.field({ type: 'JSON' }),
    maxConcurrentTrials: t.int(),
    priority: t.int(),
    isolation: t.field({ type: Isolation, description: 'For attempts to come, as the two below.' }),
    trialTimeoutSeconds: t.float(),
    retries: t.field({ type: 'JSON' }),
  }),
});

export const StudyFilterInput = builder.inputType('StudyFilter', {
  description: 'All given parts must hold.',
  fields: (t) => ({
    project: t.string(),
    nameContains: t.string(),
    states: t.field({ type: [StudyState] }),
    tags: t.stringList({ description: 'Studies that have all of these.' }),
  }),
});

export const StudyOrderInput = builder.inputType('StudyOrder', {
  fields: (t) => ({
    field: t.field({ type: StudyOrderField, required: true }),
    descending: t.boolean({ defaultValue: true }),
  }),
});
