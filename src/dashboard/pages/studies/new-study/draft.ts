import type {
  ConstraintInput,
  CreateStudyInput,
  ObjectiveInput,
  StudyData,
  Trainable,
} from '../../../../client/index.ts';
import type { JsonFields } from './json-fields.ts';
import { fittingScalarisation } from './scalarisation.ts';
import { knownOptions } from './trainable-options.ts';

/** What the form holds: a study's input as people edit it. Empty texts and nulls are left out of the input. */
export interface StudyDraft {
  readonly name: string;
  readonly project: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** null: the trials run elsewhere, by ask and tell. */
  readonly trainable: string | null;
  readonly trainableOptions: JsonFields;
  readonly objectives: readonly ObjectiveInput[];
  readonly constraints: readonly ConstraintInput[];
  readonly searchSpace: JsonFields;
  readonly sampler: JsonFields;
  readonly pruner: JsonFields | null;
  readonly scalarisation: JsonFields | null;
  readonly stopRules: JsonFields;
  readonly maxConcurrentTrials: number | null;
  readonly priority: number | null;
  readonly trialTimeoutSeconds: number | null;
  readonly retries: JsonFields;
  /** null: as the trainable says. */
  readonly isolation: StudyData['isolation'];
}

/** What a part of the form gets. */
export interface DraftPartProps {
  readonly draft: StudyDraft;
  onChange(part: Partial<StudyDraft>): void;
}

export const emptyDraft: StudyDraft = {
  name: '',
  project: '',
  description: '',
  tags: [],
  trainable: null,
  trainableOptions: {},
  objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
  constraints: [],
  searchSpace: { x: { type: 'float', low: 0, high: 1 } },
  sampler: { kind: 'auto' },
  pruner: null,
  scalarisation: null,
  // Without one a study would never end.
  stopRules: { maxTrials: 50 },
  maxConcurrentTrials: null,
  priority: null,
  trialTimeoutSeconds: null,
  retries: {},
  isolation: null,
};

/** The draft with another trainable: its space, those of the options that it has too, and as objective the first of its metrics that tells how good a model is. */
export function withTrainable(draft: StudyDraft, trainable: Trainable): StudyDraft {
  const { metrics } = trainable;
  const metric = ['valAccuracy', 'valLoss', 'loss'].find((name) => metrics.includes(name)) ?? metrics[0];
  const isKnown = draft.objectives.every((objective) => metrics.includes(objective.metric));
  return {
    ...draft,
    trainable: trainable.name,
    trainableOptions: knownOptions(draft.trainableOptions, trainable.optionsSchema),
    searchSpace: trainable.searchSpace as JsonFields,
    objectives:
      (isKnown && draft.trainable !== null) || metric === undefined
        ? draft.objectives
        : [{ metric, direction: directionOf(metric) }],
  };
}

/** Whether more of a metric is better, as far as its name tells. */
export function directionOf(metric: string): ObjectiveInput['direction'] {
  return /accuracy|precision|recall|score|squared$|auc|reward/i.test(metric) && !/error/i.test(metric)
    ? 'MAXIMIZE'
    : 'MINIMIZE';
}

/** The settings of a study as a draft of another. */
export function draftOf(study: StudyData): StudyDraft {
  return {
    name: `${study.name} copy`,
    project: study.project === 'default' ? '' : study.project,
    description: study.description ?? '',
    tags: study.tags,
    trainable: study.trainable?.name ?? null,
    trainableOptions: study.trainableOptions as JsonFields,
    objectives: study.objectives,
    constraints: study.constraints,
    searchSpace: study.searchSpace as JsonFields,
    sampler: study.sampler as JsonFields,
    pruner: study.pruner as JsonFields | null,
    scalarisation: study.scalarisation as JsonFields | null,
    stopRules: study.stopRules as JsonFields,
    maxConcurrentTrials: study.maxConcurrentTrials,
    priority: study.priority === 0 ? null : study.priority,
    trialTimeoutSeconds: study.trialTimeoutSeconds,
    retries: study.retries as JsonFields,
    isolation: study.isolation,
  };
}

export function inputOf(draft: StudyDraft): CreateStudyInput {
  const { trainable, trainableOptions, objectives, constraints, tags, pruner, retries, isolation } = draft;
  const { maxConcurrentTrials, priority, trialTimeoutSeconds } = draft;
  const scalarisation = fittingScalarisation(draft.scalarisation, objectives);
  return {
    name: draft.name,
    ...(draft.project !== '' && { project: draft.project }),
    ...(draft.description !== '' && { description: draft.description }),
    ...(trainable !== null && { trainable }),
    ...(trainable !== null && Object.keys(trainableOptions).length > 0 && { trainableOptions }),
    objectives,
    ...(constraints.length > 0 && { constraints }),
    searchSpace: draft.searchSpace,
    sampler: draft.sampler,
    ...(pruner !== null && { pruner }),
    ...(scalarisation !== null && { scalarisation }),
    stopRules: fittingStopRules(draft),
    ...(maxConcurrentTrials !== null && { maxConcurrentTrials }),
    ...(priority !== null && { priority }),
    ...(trialTimeoutSeconds !== null && { trialTimeoutSeconds }),
    ...(Object.keys(retries).length > 0 && { retries }),
    ...(isolation !== null && trainable !== null && { isolation }),
    ...(tags.length > 0 && { tags }),
  };
}

/** With a target in an objective that there is: the first one where the chosen one was renamed or removed. */
export function fittingStopRules({ stopRules, objectives }: StudyDraft): JsonFields {
  const target = (stopRules.target ?? null) as JsonFields | null;
  if (target === null || objectives.some(({ metric }) => metric === target.metric)) return stopRules;
  return { ...stopRules, target: { ...target, metric: objectives[0]!.metric } };
}
