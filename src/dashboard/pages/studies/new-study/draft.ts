import type {
  ConstraintInput,
  CreateStudyInput,
  Json,
  ObjectiveInput,
  StudyData,
  Trainable,
} from '../../../../client/index.ts';

export type JsonFields = Readonly<Record<string, Json>>;

/** What the form holds: a study's input as people edit it. Empty texts and nulls are left out of the input. */
export interface StudyDraft {
  readonly name: string;
  readonly project: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** null: the trials run elsewhere, by ask and tell. */
  readonly trainable: string | null;
  readonly options: JsonFields;
  readonly objectives: readonly ObjectiveInput[];
  readonly constraints: readonly ConstraintInput[];
  readonly searchSpace: JsonFields;
  readonly sampler: JsonFields;
  readonly pruner: JsonFields | null;
  readonly stopRules: JsonFields;
  readonly maxConcurrentTrials: number | null;
}

export const emptyDraft: StudyDraft = {
  name: '',
  project: '',
  description: '',
  tags: [],
  trainable: null,
  options: {},
  objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
  constraints: [],
  searchSpace: { x: { type: 'float', low: 0, high: 1 } },
  sampler: { kind: 'auto' },
  pruner: null,
  // Without one a study would never end.
  stopRules: { maxTrials: 50 },
  maxConcurrentTrials: null,
};

/** The draft with another trainable: its space, and as objective the first of its metrics that tells how good a model is. */
export function withTrainable(draft: StudyDraft, trainable: Trainable): StudyDraft {
  const { metrics } = trainable;
  const metric = ['valAccuracy', 'valLoss', 'loss'].find((name) => metrics.includes(name)) ?? metrics[0];
  const isKnown = draft.objectives.every((objective) => metrics.includes(objective.metric));
  return {
    ...draft,
    trainable: trainable.name,
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
    options: study.trainableOptions as JsonFields,
    objectives: study.objectives,
    constraints: study.constraints,
    searchSpace: study.searchSpace as JsonFields,
    sampler: study.sampler as JsonFields,
    pruner: study.pruner as JsonFields | null,
    stopRules: study.stopRules as JsonFields,
    maxConcurrentTrials: study.maxConcurrentTrials,
  };
}

export function inputOf(draft: StudyDraft): CreateStudyInput {
  const { trainable, options, constraints, tags, pruner, maxConcurrentTrials } = draft;
  return {
    name: draft.name,
    ...(draft.project !== '' && { project: draft.project }),
    ...(draft.description !== '' && { description: draft.description }),
    ...(trainable !== null && { trainable }),
    ...(trainable !== null && Object.keys(options).length > 0 && { trainableOptions: options }),
    objectives: draft.objectives,
    ...(constraints.length > 0 && { constraints }),
    searchSpace: draft.searchSpace,
    sampler: draft.sampler,
    ...(pruner !== null && { pruner }),
    stopRules: draft.stopRules,
    ...(maxConcurrentTrials !== null && { maxConcurrentTrials }),
    ...(tags.length > 0 && { tags }),
  };
}

/** An object with one field changed; undefined takes it out. */
export function withField(fields: JsonFields, name: string, value: Json | undefined): JsonFields {
  const { [name]: _, ...others } = fields;
  if (value === undefined) return others;
  // A field that is there keeps its place.
  return name in fields ? { ...fields, [name]: value } : { ...others, [name]: value };
}

/** A field of an object for an input of numbers; empty where it is none. */
export function numberOf(value: Json | undefined): number | '' {
  return typeof value === 'number' ? value : '';
}
