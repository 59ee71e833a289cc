// Made of schema.graphql and the .graphql file beside it by `npm run generate`. Do not edit.
import type { TypedDocument } from '../../client/index.ts';
export interface MemoryUse {
  readonly predictedBytes: number | null;
  readonly peakBytes: number | null;
}

/** What waits for a device of this server: a trial, or the next one of a study. */
export interface QueueEntry {
  /** From 1. A small trial may start before a larger one that does not fit yet. */
  readonly position: number;
  /** Null when it was deleted just now. */
  readonly study: {
    readonly id: string;
    readonly name: string;
  } | null;
  /** Null where it is not yet known which trial of the study will be next. */
  readonly trial: {
    readonly id: string;
    /** Dense from 0 within the study. */
    readonly number: number;
  } | null;
  /** Why it waits, in words. */
  readonly reason: string;
  readonly since: string | null;
  /** The study’s queued trials that this entry stands for. */
  readonly queuedTrials: number;
}

/** One run of a study’s trainable with one choice of parameters. */
export interface RunningTrial {
  readonly id: string;
  /** Dense from 0 within the study. */
  readonly number: number;
  readonly device: string | null;
  readonly worker: string | null;
  readonly startedAt: string | null;
  readonly memory: MemoryUse | null;
}

const memoryUseFragment = `fragment MemoryUse on MemoryUse {
  predictedBytes
  peakBytes
}`;

const queueEntryFragment = `fragment QueueEntry on QueueEntry {
  position
  study {
    id
    name
  }
  trial {
    id
    number
  }
  reason
  since
  queuedTrials
}`;

const runningTrialFragment = `fragment RunningTrial on Trial {
  id
  number
  device
  worker
  startedAt
  memory {
    ...MemoryUse
  }
}`;

export const followQueue: TypedDocument<
  {
    /** The queue as it is, and again at every change. */
    readonly queue: readonly QueueEntry[];
  },
  Record<never, never>
> = `subscription FollowQueue {
  queue {
    ...QueueEntry
  }
}
${queueEntryFragment}`;

export const runningTrials: TypedDocument<
  {
    readonly studies: {
      readonly totalCount: number;
      readonly edges: readonly {
        readonly node: {
          readonly id: string;
          readonly name: string;
          readonly trials: {
            readonly totalCount: number;
            readonly edges: readonly {
              readonly node: RunningTrial;
            }[];
          };
        };
      }[];
    };
  },
  { readonly first: number; readonly trials: number }
> = `query RunningTrials($first: Int!, $trials: Int!) {
  studies(first: $first, filter: {states: [RUNNING, PAUSED]}) {
    totalCount
    edges {
      node {
        id
        name
        trials(first: $trials, filter: {states: [RUNNING]}) {
          totalCount
          edges {
            node {
              ...RunningTrial
            }
          }
        }
      }
    }
  }
}
${runningTrialFragment}
${memoryUseFragment}`;
