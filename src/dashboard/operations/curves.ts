// Made of schema.graphql and the .graphql file beside it by `npm run generate`. Do not edit.
import type { TypedDocument } from '../../client/index.ts';
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

export const curveTrials: TypedDocument<
  {
    readonly study: {
      readonly trials: {
        readonly edges: readonly {
          readonly node: {
            readonly id: string;
            /** Dense from 0 within the study. */
            readonly number: number;
            readonly state: TrialState;
          };
        }[];
        readonly pageInfo: {
          readonly hasNextPage: boolean;
          readonly endCursor: string | null;
        };
        readonly totalCount: number;
      };
    } | null;
  },
  {
    readonly study: string;
    readonly first: number;
    readonly after?: string | null | undefined;
    readonly filter?: TrialFilter | null | undefined;
    readonly orderBy?: TrialOrder | null | undefined;
  }
> =
  `query CurveTrials($study: ID!, $first: Int!, $after: String, $filter: TrialFilter, $orderBy: TrialOrder) {
  study(id: $study) {
    trials(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      edges {
        node {
          id
          number
          state
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      totalCount
    }
  }
}`;

export const curvePoints: TypedDocument<
  {
    readonly study: {
      readonly trials: {
        readonly edges: readonly {
          readonly node: {
            readonly id: string;
            /** The series of this trial; maxPoints > 0 downsamples, keeping every extreme. */
            readonly metricSeries: readonly {
              /** Points in the range asked for, before downsampling. */
              readonly count: number;
              readonly packedSteps: string;
              readonly packedValues: string;
              readonly packedTimes: string;
            }[];
          };
        }[];
      };
    } | null;
  },
  {
    readonly study: string;
    readonly numbers: readonly number[];
    readonly first: number;
    readonly metric: string;
    readonly maxPoints: number;
    readonly fromStep?: number | null | undefined;
    readonly toStep?: number | null | undefined;
  }
> =
  `query CurvePoints($study: ID!, $numbers: [Int!]!, $first: Int!, $metric: String!, $maxPoints: Int!, $fromStep: Int, $toStep: Int) {
  study(id: $study) {
    trials(first: $first, filter: {numbers: $numbers}) {
      edges {
        node {
          id
          metricSeries(
            names: [$metric]
            maxPoints: $maxPoints
            fromStep: $fromStep
            toStep: $toStep
          ) {
            count
            packedSteps
            packedValues
            packedTimes
          }
        }
      }
    }
  }
}`;

export const metricNames: TypedDocument<
  {
    readonly study: {
      readonly trials: {
        readonly edges: readonly {
          readonly node: {
            /** The series of this trial; maxPoints > 0 downsamples, keeping every extreme. */
            readonly metricSeries: readonly {
              readonly name: string;
              /** Points in the range asked for, before downsampling. */
              readonly count: number;
            }[];
          };
        }[];
      };
    } | null;
  },
  { readonly study: string }
> = `query MetricNames($study: ID!) {
  study(id: $study) {
    trials(
      first: 4
      filter: {states: [RUNNING, COMPLETED, PRUNED, INFEASIBLE, FAILED]}
      orderBy: {field: NUMBER, descending: true}
    ) {
      edges {
        node {
          metricSeries(maxPoints: 1) {
            name
            count
          }
        }
      }
    }
  }
}`;

export const followCurves: TypedDocument<
  {
    /** New metric points as columns, coalesced to at most maxRateHz messages a second. The first message has only the cursor of now: what was stored before it is read with metricSeries. With a cursor it goes on after that; the cursor "0" replays all. */
    readonly metrics: {
      readonly cursor: string;
      readonly series: readonly {
        readonly trial: string;
        readonly packedSteps: string;
        readonly packedValues: string;
        readonly packedTimes: string;
      }[];
    };
  },
  { readonly study: string; readonly metric: string; readonly after?: string | null | undefined }
> = `subscription FollowCurves($study: ID!, $metric: String!, $after: Cursor) {
  metrics(study: $study, names: [$metric], after: $after, maxRateHz: 10) {
    cursor
    series {
      trial
      packedSteps
      packedValues
      packedTimes
    }
  }
}`;
