// Made of schema.graphql and the .graphql file beside it by `npm run generate`. Do not edit.
import type { TypedDocument } from '../../client/index.ts';
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

export const studyList: TypedDocument<
  {
    readonly studies: {
      readonly edges: readonly {
        readonly node: {
          readonly id: string;
          readonly name: string;
          readonly project: string;
          readonly state: StudyState;
          readonly tags: readonly string[];
          readonly updatedAt: string;
          readonly trialCounts: TrialCounts;
        };
      }[];
      readonly pageInfo: {
        readonly hasNextPage: boolean;
        readonly endCursor: string | null;
      };
      readonly totalCount: number;
    };
  },
  {
    readonly first: number;
    readonly after?: string | null | undefined;
    readonly filter?: StudyFilter | null | undefined;
    readonly orderBy?: StudyOrder | null | undefined;
  }
> = `query StudyList($first: Int!, $after: String, $filter: StudyFilter, $orderBy: StudyOrder) {
  studies(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    edges {
      node {
        id
        name
        project
        state
        tags
        updatedAt
        trialCounts {
          ...TrialCounts
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount
  }
}
${trialCountsFragment}`;
