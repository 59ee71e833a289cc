// Made of schema.graphql and the .graphql file beside it by `npm run generate`. Do not edit.
import type { Json, Params, TypedDocument, Values } from '../../client/index.ts';
export type Comparison = 'GREATER_OR_EQUAL' | 'LESS_OR_EQUAL';

export type Direction = 'MAXIMIZE' | 'MINIMIZE';

/** Where this server runs a trial. PROCESS: in a process of its own, which takes no other with it whatever it does. */
export type Isolation = 'PROCESS' | 'THREAD';

/** All given parts must hold. */
export interface StudyFilter {
  readonly nameContains?: string | null | undefined;
  readonly project?: string | null | undefined;
  readonly states?: readonly StudyState[] | null | undefined;
  /** Studies that have all of these. */
  readonly tags?: readonly string[] | null | undefined;
}

export interface StudyOrder {
  readonly descending?: boolean | null | undefined;
  readonly field: StudyOrderField;
}

export type StudyOrderField = 'CREATED_AT' | 'NAME' | 'UPDATED_AT';

export type StudyState = 'CREATED' | 'FINISHED' | 'PAUSED' | 'RUNNING';

/** INFEASIBLE: it broke a constraint, or did not fit into memory; an observation, not an error. */
export type TrialState =
  | 'CANCELLED'
  | 'COMPLETED'
  | 'FAILED'
  | 'INFEASIBLE'
  | 'PRUNED'
  | 'QUEUED'
  | 'RUNNING';

/** Absent fields stay as they are. */
export interface UpdateStudyInput {
  readonly description?: string | null | undefined;
  /** For attempts to come, as the two below. */
  readonly isolation?: Isolation | null | undefined;
  readonly maxConcurrentTrials?: number | null | undefined;
  readonly priority?: number | null | undefined;
  readonly retries?: unknown;
  /** null: the sampler sees all objectives again. */
  readonly scalarisation?: unknown;
  /** Trials to come are suggested from it; earlier ones stay, see Trial.insideSpace. */
  readonly searchSpace?: unknown;
  readonly stopRules?: unknown;
  readonly tags?: readonly string[] | null | undefined;
  readonly trialTimeoutSeconds?: number | null | undefined;
}

export interface Objective {
  readonly metric: string;
  readonly direction: Direction;
}

export interface Constraint {
  readonly metric: string;
  readonly comparison: Comparison;
  readonly bound: number;
}

export interface TrialCounts {
  readonly queued: number;
  readonly running: number;
  readonly completed: number;
  readonly pruned: number;
  readonly infeasible: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly total: number;
}

/** A search for good parameters: its problem, its settings and its trials. */
export interface StudyRow {
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly description: string | null;
  readonly state: StudyState;
  /** Why it ended, in words; null before. */
  readonly stopReason: string | null;
  readonly tags: readonly string[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly stopRules: Json;
  readonly objectives: readonly Objective[];
  readonly trialCounts: TrialCounts;
  /** One for each objective. Cheap, also for lists of studies. */
  readonly bestSoFar: readonly {
    readonly metric: string;
    /** How many results there were by then. */
    readonly results: readonly number[];
    readonly values: readonly number[];
  }[];
}

/** One run of a study’s trainable with one choice of parameters. */
export interface ComparedTrial {
  readonly id: string;
  /** Dense from 0 within the study. */
  readonly number: number;
  readonly state: TrialState;
  readonly params: Params;
  readonly values: Values | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** The series of this trial; maxPoints > 0 downsamples, keeping every extreme. */
  readonly metricSeries: readonly {
    readonly name: string;
    /** Points in the range asked for, before downsampling. */
    readonly count: number;
  }[];
}

const objectiveFragment = `fragment Objective on Objective {
  metric
  direction
}`;

const constraintFragment = `fragment Constraint on Constraint {
  metric
  comparison
  bound
}`;

const trialCountsFragment = `fragment TrialCounts on TrialCounts {
  queued
  running
  completed
  pruned
  infeasible
  failed
  cancelled
  total
}`;

const studyRowFragment = `fragment StudyRow on Study {
  id
  name
  project
  description
  state
  stopReason
  tags
  createdAt
  updatedAt
  startedAt
  finishedAt
  stopRules
  objectives {
    ...Objective
  }
  trialCounts {
    ...TrialCounts
  }
  bestSoFar {
    metric
    results
    values
  }
}`;

const comparedTrialFragment = `fragment ComparedTrial on Trial {
  id
  number
  state
  params
  values
  startedAt
  finishedAt
  metricSeries(maxPoints: 1) {
    name
    count
  }
}`;

export const studyList: TypedDocument<
  {
    readonly studies: {
      readonly edges: readonly {
        readonly node: StudyRow;
      }[];
      readonly totalCount: number;
    };
  },
  {
    readonly first: number;
    readonly filter?: StudyFilter | null | undefined;
    readonly orderBy?: StudyOrder | null | undefined;
  }
> = `query StudyList($first: Int!, $filter: StudyFilter, $orderBy: StudyOrder) {
  studies(first: $first, filter: $filter, orderBy: $orderBy) {
    edges {
      node {
        ...StudyRow
      }
    }
    totalCount
  }
}
${studyRowFragment}
${objectiveFragment}
${trialCountsFragment}`;

export const comparedStudy: TypedDocument<
  {
    readonly study:
      | (StudyRow & {
          /** One objective: the best trials, best first. Several: the Pareto front of the feasible trials. */
          readonly bestTrials: readonly ComparedTrial[];
          /** What its trials run; null when they are run elsewhere (ask, report, tell). */
          readonly trainable: {
            readonly name: string;
          } | null;
          readonly trainableOptions: Json;
          readonly constraints: readonly Constraint[];
          readonly searchSpace: Json;
          readonly sampler: Json;
          readonly pruner: Json | null;
          /** How the sampler makes one objective of several; null: it sees all. */
          readonly scalarisation: Json | null;
          readonly maxConcurrentTrials: number | null;
          /** How long its trials have run, all together. */
          readonly deviceSeconds: number;
        })
      | null;
  },
  { readonly id: string; readonly best: number }
> = `query ComparedStudy($id: ID!, $best: Int!) {
  study(id: $id) {
    ...StudyRow
    bestTrials(first: $best) {
      ...ComparedTrial
    }
    trainable {
      name
    }
    trainableOptions
    constraints {
      ...Constraint
    }
    searchSpace
    sampler
    pruner
    scalarisation
    maxConcurrentTrials
    deviceSeconds
  }
}
${studyRowFragment}
${objectiveFragment}
${trialCountsFragment}
${comparedTrialFragment}
${constraintFragment}`;

export const studiesChanged: TypedDocument<
  {
    /** Now, and whenever a study is created, changes or is deleted, its trials included: ask for `studies` again. At most maxRateHz messages a second. */
    readonly studiesChanged: string;
  },
  Record<never, never>
> = `subscription StudiesChanged {
  studiesChanged(maxRateHz: 4)
}`;

export const studyTags: TypedDocument<
  {
    /** The tags that studies have, by name. */
    readonly studyTags: readonly string[];
  },
  Record<never, never>
> = `query StudyTags {
  studyTags
}`;

export const startStudy: TypedDocument<
  {
    /** Launches trials: on this process’s devices, or on the workers that serve it. Returns at once. `trials`: how many more to run; absent: until a stop rule holds. */
    readonly startStudy: {
      readonly id: string;
    };
  },
  { readonly id: string }
> = `mutation StartStudy($id: ID!) {
  startStudy(id: $id) {
    id
  }
}`;

export const pauseStudy: TypedDocument<
  {
    /** Starts no more trials; those that run go on to their end. `startStudy` resumes. */
    readonly pauseStudy: {
      readonly id: string;
    };
  },
  { readonly id: string }
> = `mutation PauseStudy($id: ID!) {
  pauseStudy(id: $id) {
    id
  }
}`;

export const stopStudy: TypedDocument<
  {
    /** Ends the study and cancels the trials that wait or run. */
    readonly stopStudy: {
      readonly id: string;
    };
  },
  { readonly id: string }
> = `mutation StopStudy($id: ID!) {
  stopStudy(id: $id) {
    id
  }
}`;

export const cloneStudy: TypedDocument<
  {
    /** A new study with the same settings, in another `searchSpace` where one is given (such as the suggested one of `studyInsights`); `warmStart` queues the best parameters of this one first, as far as they fit. */
    readonly cloneStudy: {
      readonly id: string;
    };
  },
  { readonly id: string; readonly name: string; readonly warmStart: boolean }
> = `mutation CloneStudy($id: ID!, $name: String!, $warmStart: Boolean!) {
  cloneStudy(id: $id, name: $name, warmStart: $warmStart) {
    id
  }
}`;

export const describeStudy: TypedDocument<
  {
    readonly updateStudy: {
      readonly id: string;
    };
  },
  { readonly id: string; readonly input: UpdateStudyInput }
> = `mutation DescribeStudy($id: ID!, $input: UpdateStudyInput!) {
  updateStudy(id: $id, input: $input) {
    id
  }
}`;

export const deleteStudy: TypedDocument<
  {
    /** Deletes the study with its trials, events and points. Returns its id. */
    readonly deleteStudy: string;
  },
  { readonly id: string }
> = `mutation DeleteStudy($id: ID!) {
  deleteStudy(id: $id)
}`;
