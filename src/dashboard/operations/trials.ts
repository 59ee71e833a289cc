// Made of schema.graphql and the .graphql file beside it by `npm run generate`. Do not edit.
import type { Params, TypedDocument, Values } from '../../client/index.ts';
/** Compares the entry `name`; without a comparison, the entry must exist. */
export interface NumberFilter {
  readonly eq?: unknown;
  readonly gt?: number | null | undefined;
  readonly gte?: number | null | undefined;
  readonly lt?: number | null | undefined;
  readonly lte?: number | null | undefined;
  readonly name: string;
}

/** Without a bound: what has such a number at all. */
export interface RangeFilter {
  readonly gt?: number | null | undefined;
  readonly gte?: number | null | undefined;
  readonly lt?: number | null | undefined;
  readonly lte?: number | null | undefined;
}

/** All given parts must hold. */
export interface TrialFilter {
  readonly and?: readonly TrialFilter[] | null | undefined;
  readonly attempt?: RangeFilter | null | undefined;
  /** Those that ran on one of these. */
  readonly devices?: readonly string[] | null | undefined;
  /** Of trials that ran and ended. */
  readonly durationMs?: RangeFilter | null | undefined;
  readonly not?: TrialFilter | null | undefined;
  /** A part of the notes, in large or small letters. */
  readonly notesContain?: string | null | undefined;
  readonly number?: RangeFilter | null | undefined;
  /** Any of these. */
  readonly numbers?: readonly number[] | null | undefined;
  readonly or?: readonly TrialFilter[] | null | undefined;
  readonly params?: readonly NumberFilter[] | null | undefined;
  /** In milliseconds since 1970. */
  readonly startedMs?: RangeFilter | null | undefined;
  readonly states?: readonly TrialState[] | null | undefined;
  /** Those that have all of these. */
  readonly tags?: readonly string[] | null | undefined;
  readonly values?: readonly NumberFilter[] | null | undefined;
}

export interface TrialOrder {
  readonly descending?: boolean | null | undefined;
  readonly field: TrialOrderField;
  /** The metric for VALUE, the parameter for PARAM. */
  readonly name?: string | null | undefined;
}

/** Trials without it come last, in either direction. */
export type TrialOrderField =
  | 'ATTEMPT'
  | 'DEVICE'
  | 'DURATION'
  | 'NOTES'
  | 'NUMBER'
  | 'PARAM'
  | 'STARTED'
  | 'STATE'
  | 'TAGS'
  | 'VALUE';

/** INFEASIBLE: it broke a constraint, or did not fit into memory; an observation, not an error. */
export type TrialState =
  | 'CANCELLED'
  | 'COMPLETED'
  | 'FAILED'
  | 'INFEASIBLE'
  | 'PRUNED'
  | 'QUEUED'
  | 'RUNNING';

export interface MemoryUse {
  readonly predictedBytes: number | null;
  readonly peakBytes: number | null;
}

/** One run of a study’s trainable with one choice of parameters. */
export interface TrialRow {
  readonly id: string;
  /** Dense from 0 within the study. */
  readonly number: number;
  readonly state: TrialState;
  readonly params: Params;
  readonly values: Values | null;
  readonly feasible: boolean | null;
  /** Grows at every start; hand it in with reports and ends, and a stale worker is refused. */
  readonly attempt: number;
  readonly device: string | null;
  readonly queuedAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** Why it was pruned; of a QUEUED trial, why it is paused. */
  readonly pruneReason: string | null;
  readonly error: string | null;
  /** What people write about it: Markdown. */
  readonly notes: string | null;
  readonly tags: readonly string[];
}

const memoryUseFragment = `fragment MemoryUse on MemoryUse {
  predictedBytes
  peakBytes
}`;

const trialRowFragment = `fragment TrialRow on Trial {
  id
  number
  state
  params
  values
  feasible
  attempt
  device
  queuedAt
  startedAt
  finishedAt
  pruneReason
  error
  notes
  tags
}`;

export const trialRows: TypedDocument<
  {
    readonly study: {
      readonly trials: {
        readonly edges: readonly {
          readonly node: TrialRow;
        }[];
        readonly totalCount: number;
      };
    } | null;
  },
  {
    readonly study: string;
    readonly first: number;
    readonly offset: number;
    readonly filter?: TrialFilter | null | undefined;
    readonly orderBy?: TrialOrder | null | undefined;
  }
> = `query TrialRows($study: ID!, $first: Int!, $offset: Int!, $filter: TrialFilter, $orderBy: TrialOrder) {
  study(id: $study) {
    trials(first: $first, offset: $offset, filter: $filter, orderBy: $orderBy) {
      edges {
        node {
          ...TrialRow
        }
      }
      totalCount
    }
  }
}
${trialRowFragment}`;

export const trialsToCompare: TypedDocument<
  {
    readonly study: {
      readonly trials: {
        readonly edges: readonly {
          readonly node: TrialRow & {
            readonly backend: string | null;
            readonly memory: MemoryUse | null;
            /** The series of this trial; maxPoints > 0 downsamples, keeping every extreme. */
            readonly metricSeries: readonly {
              readonly name: string;
              /** Points in the range asked for, before downsampling. */
              readonly count: number;
              readonly last: number | null;
              readonly min: number | null;
              readonly max: number | null;
            }[];
          };
        }[];
      };
    } | null;
  },
  { readonly study: string; readonly numbers: readonly number[]; readonly first: number }
> = `query TrialsToCompare($study: ID!, $numbers: [Int!]!, $first: Int!) {
  study(id: $study) {
    trials(first: $first, filter: {numbers: $numbers}) {
      edges {
        node {
          ...TrialRow
          backend
          memory {
            ...MemoryUse
          }
          metricSeries(maxPoints: 1) {
            name
            count
            last
            min
            max
          }
        }
      }
    }
  }
}
${trialRowFragment}
${memoryUseFragment}`;
