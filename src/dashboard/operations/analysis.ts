// Made of schema.graphql and the .graphql file beside it by `npm run generate`. Do not edit.
import type { Params, TypedDocument, Values } from '../../client/index.ts';
/** INFEASIBLE: it broke a constraint, or did not fit into memory; an observation, not an error. */
export type TrialState =
  | 'CANCELLED'
  | 'COMPLETED'
  | 'FAILED'
  | 'INFEASIBLE'
  | 'PRUNED'
  | 'QUEUED'
  | 'RUNNING';

export const studyFront: TypedDocument<
  {
    readonly study: {
      /** The front in columns, for plots; null for one objective. */
      readonly paretoFront: {
        readonly numbers: readonly number[];
        readonly hypervolume: number | null;
      } | null;
      /** Null for one objective. */
      readonly hypervolumeHistory: {
        readonly numbers: readonly number[];
        /** How many trials had ended as COMPLETED, PRUNED or INFEASIBLE by then. */
        readonly ended: readonly number[];
        readonly hypervolumes: readonly (number | null)[];
      } | null;
    } | null;
  },
  { readonly study: string }
> = `query StudyFront($study: ID!) {
  study(id: $study) {
    paretoFront {
      numbers
      hypervolume
    }
    hypervolumeHistory {
      numbers
      ended
      hypervolumes
    }
  }
}`;

export const trialTimes: TypedDocument<
  {
    readonly study: {
      readonly trials: {
        readonly edges: readonly {
          readonly node: {
            readonly id: string;
            /** Dense from 0 within the study. */
            readonly number: number;
            readonly state: TrialState;
            readonly device: string | null;
            readonly worker: string | null;
            readonly startedAt: string | null;
            readonly finishedAt: string | null;
          };
        }[];
        readonly totalCount: number;
      };
    } | null;
  },
  { readonly study: string; readonly first: number; readonly offset: number }
> = `query TrialTimes($study: ID!, $first: Int!, $offset: Int!) {
  study(id: $study) {
    trials(
      first: $first
      offset: $offset
      filter: {states: [RUNNING, COMPLETED, PRUNED, INFEASIBLE, FAILED, CANCELLED]}
      orderBy: {field: NUMBER, descending: true}
    ) {
      edges {
        node {
          id
          number
          state
          device
          worker
          startedAt
          finishedAt
        }
      }
      totalCount
    }
  }
}`;

export const rankByWeights: TypedDocument<
  {
    /** A study’s completed trials that keep its constraints, best first by a scalarisation of its objectives, such as {"kind": "tchebycheff", "weights": {"loss": 2, "seconds": 1}}. Nothing runs for it. */
    readonly rankTrials: readonly {
      /** The scalarised loss: the smaller, the better. */
      readonly score: number;
      readonly trial: {
        readonly id: string;
        /** Dense from 0 within the study. */
        readonly number: number;
        readonly values: Values | null;
        readonly params: Params;
      };
    }[];
  },
  { readonly study: string; readonly scalarisation: unknown; readonly first: number }
> = `query RankByWeights($study: ID!, $scalarisation: JSON!, $first: Int!) {
  rankTrials(study: $study, scalarisation: $scalarisation, first: $first) {
    score
    trial {
      id
      number
      values
      params
    }
  }
}`;
