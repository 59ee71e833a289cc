// Made of schema.graphql and the .graphql file beside it by `npm run generate`. Do not edit.
import type { Params, TypedDocument, Values } from '../../client/index.ts';
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
export interface UpdateTrialInput {
  /** Markdown; null or empty: none. */
  readonly notes?: string | null | undefined;
  readonly tags?: readonly string[] | null | undefined;
}

export interface MemoryUse {
  readonly predictedBytes: number | null;
  readonly peakBytes: number | null;
}

/** One run of a study’s trainable with one choice of parameters. */
export interface TrialData {
  readonly id: string;
  /** Dense from 0 within the study. */
  readonly number: number;
  readonly study: {
    readonly id: string;
  };
  readonly state: TrialState;
  readonly params: Params;
  readonly values: Values | null;
  readonly feasible: boolean | null;
  /** Grows at every start; hand it in with reports and ends, and a stale worker is refused. */
  readonly attempt: number;
  readonly worker: string | null;
  readonly device: string | null;
  readonly backend: string | null;
  readonly error: string | null;
  /** Why it was pruned; of a QUEUED trial, why it is paused. */
  readonly pruneReason: string | null;
  /** Whether it was paused by request (pauseTrial). While RUNNING it is about to give its place back; while QUEUED it waits for resumeTrial. */
  readonly held: boolean;
  /** How often it was resumed after a pause; these attempts do not count as failures. */
  readonly promotions: number;
  /** What people write about it: Markdown. */
  readonly notes: string | null;
  readonly tags: readonly string[];
  /** How many of its attempts failed or were lost with their worker. */
  readonly failures: number;
  /** While QUEUED after a failure, which `error` tells of: when its next attempt may start. */
  readonly retryAt: string | null;
  /** When its newest attempt has run for longer than `Study.trialTimeoutSeconds` lets it. */
  readonly timeoutAt: string | null;
  /** The last step it means to report, where that is known beforehand. */
  readonly totalSteps: number | null;
  readonly leaseUntil: string | null;
  readonly queuedAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly memory: MemoryUse | null;
}

/** A file of a trial: a checkpoint, a model, a picture, a log. */
export interface ArtifactData {
  /** A relative path, such as checkpoints/best.bin. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Of its content, in hexadecimal digits. */
  readonly sha256: string;
  readonly contentType: string;
  readonly createdAt: string;
  /** Where it is downloaded, from this server’s address on; PUT and DELETE work there too. */
  readonly url: string;
}

export interface LogLine {
  /** Dense from 0 within the trial. */
  readonly number: number;
  /** The attempt that has logged it. */
  readonly attempt: number;
  readonly at: string;
  readonly text: string;
}

/** A part of a trial’s log. */
export interface LogPage {
  /** The position after these lines: hand it back as `after` to go on. */
  readonly cursor: string;
  readonly lines: readonly LogLine[];
}

export interface TrialProgress {
  readonly trial: TrialData;
  /** The share that is done, 0 to 1; null where the number of steps is not known. */
  readonly fraction: number | null;
  /** When it should end at the pace so far; null while there is no telling. */
  readonly expectedEnd: string | null;
  /** The last reported step. */
  readonly step: number | null;
  /** The last value of each metric; null for NaN and infinities. */
  readonly latest: Readonly<Record<string, number | null>>;
}

/** One run of a study’s trainable with one choice of parameters. */
export interface TrialExtras {
  /** Whether its params are in the study’s search space as it is now: false after a range was narrowed or a choice taken away. Samplers learn from such a trial what they can. */
  readonly insideSpace: boolean;
  /** The trial whose parameters this one repeats. */
  readonly retryOf: {
    readonly id: string;
    /** Dense from 0 within the study. */
    readonly number: number;
  } | null;
  /** The files of this trial, by name. */
  readonly artifacts: readonly ArtifactData[];
  /** The series of this trial; maxPoints > 0 downsamples, keeping every extreme. */
  readonly metricSeries: readonly {
    readonly name: string;
    /** Points in the range asked for, before downsampling. */
    readonly count: number;
    readonly last: number | null;
    readonly min: number | null;
    readonly max: number | null;
  }[];
}

const memoryUseFragment = `fragment MemoryUse on MemoryUse {
  predictedBytes
  peakBytes
}`;

const trialDataFragment = `fragment TrialData on Trial {
  id
  number
  study {
    id
  }
  state
  params
  values
  feasible
  attempt
  worker
  device
  backend
  error
  pruneReason
  held
  promotions
  notes
  tags
  failures
  retryAt
  timeoutAt
  totalSteps
  leaseUntil
  queuedAt
  startedAt
  finishedAt
  memory {
    ...MemoryUse
  }
}`;

const artifactDataFragment = `fragment ArtifactData on Artifact {
  name
  size
  sha256
  contentType
  createdAt
  url
}`;

const logLineFragment = `fragment LogLine on LogLine {
  number
  attempt
  at
  text
}`;

const logPageFragment = `fragment LogPage on LogPage {
  cursor
  lines {
    ...LogLine
  }
}`;

const trialProgressFragment = `fragment TrialProgress on TrialProgress {
  trial {
    ...TrialData
  }
  fraction
  expectedEnd
  step
  latest
}`;

const trialExtrasFragment = `fragment TrialExtras on Trial {
  insideSpace
  retryOf {
    id
    number
  }
  artifacts {
    ...ArtifactData
  }
  metricSeries(maxPoints: 1) {
    name
    count
    last
    min
    max
  }
}`;

export const trialPage: TypedDocument<
  {
    readonly trial: (TrialData & TrialExtras) | null;
  },
  { readonly id: string }
> = `query TrialPage($id: ID!) {
  trial(id: $id) {
    ...TrialData
    ...TrialExtras
  }
}
${trialDataFragment}
${memoryUseFragment}
${trialExtrasFragment}
${artifactDataFragment}`;

export const trialTags: TypedDocument<
  {
    readonly study: {
      /** The tags that its trials have, by name. */
      readonly trialTags: readonly string[];
    } | null;
  },
  { readonly study: string }
> = `query TrialTags($study: ID!) {
  study(id: $study) {
    trialTags
  }
}`;

export const followProgress: TypedDocument<
  {
    /** State, fraction done, expected end and latest metrics of one trial, until it has ended. */
    readonly trialProgress: TrialProgress;
  },
  { readonly trial: string }
> = `subscription FollowProgress($trial: ID!) {
  trialProgress(trial: $trial) {
    ...TrialProgress
  }
}
${trialProgressFragment}
${trialDataFragment}
${memoryUseFragment}`;

export const followTrialLog: TypedDocument<
  {
    /** The log of a trial, from the beginning or after a cursor, and then live, until the trial has ended. */
    readonly trialLog: LogPage;
  },
  { readonly trial: string; readonly after?: string | null | undefined }
> = `subscription FollowTrialLog($trial: ID!, $after: Cursor) {
  trialLog(trial: $trial, after: $after) {
    ...LogPage
  }
}
${logPageFragment}
${logLineFragment}`;

export const annotateTrial: TypedDocument<
  {
    /** Writes what people say about a trial, whatever state it is in. */
    readonly updateTrial: {
      readonly id: string;
    };
  },
  { readonly id: string; readonly input: UpdateTrialInput }
> = `mutation AnnotateTrial($id: ID!, $input: UpdateTrialInput!) {
  updateTrial(id: $id, input: $input) {
    id
  }
}`;

export const stopOneTrial: TypedDocument<
  {
    /** Cancels a trial that waits or runs. One that runs in this server makes no batch but the one under way when this is answered; the worker of another learns of it at its next report or heartbeat. */
    readonly stopTrial: {
      readonly id: string;
    };
  },
  { readonly id: string }
> = `mutation StopOneTrial($id: ID!) {
  stopTrial(id: $id) {
    id
  }
}`;

export const pauseOneTrial: TypedDocument<
  {
    /** Pauses a trial until resumeTrial. A QUEUED one is held at once. A RUNNING one is told to save a checkpoint and to give its place back, which takes one batch here; the worker of another is answered PAUSE at its next report. Then it is QUEUED and held. With `attempt`, as its worker calls it: gives the trial back now. Held, it waits for resumeTrial; paused by its pruner, until that promotes it, and then it goes on before anything new is tried; otherwise for the next askTrials. A held trial is not started with its study and does not keep it from ending: it stays as it is when the study ends by itself, and is CANCELLED when that is stopped. One that its pruner has paused is PRUNED at the end. */
    readonly pauseTrial: {
      readonly id: string;
    };
  },
  { readonly id: string; readonly restart: boolean }
> = `mutation PauseOneTrial($id: ID!, $restart: Boolean!) {
  pauseTrial(id: $id, restart: $restart) {
    id
  }
}`;

export const resumeOneTrial: TypedDocument<
  {
    /** Puts a paused trial back into the queue, whether it was paused by request or by its pruner: its next attempt goes on from its checkpoint. One that is not paused stays as it is. In a finished study it waits for startStudy. */
    readonly resumeTrial: {
      readonly id: string;
      readonly study: {
        readonly id: string;
        readonly state: StudyState;
      };
    };
  },
  { readonly id: string }
> = `mutation ResumeOneTrial($id: ID!) {
  resumeTrial(id: $id) {
    id
    study {
      id
      state
    }
  }
}`;

export const retryOneTrial: TypedDocument<
  {
    /** Queues a new trial with the parameters of one that has ended. In a finished study it waits for startStudy. */
    readonly retryTrial: {
      readonly id: string;
      /** Dense from 0 within the study. */
      readonly number: number;
    };
  },
  { readonly id: string }
> = `mutation RetryOneTrial($id: ID!) {
  retryTrial(id: $id) {
    id
    number
  }
}`;

export const enqueueOneTrial: TypedDocument<
  {
    /** Queues trials with all or some parameters fixed; the sampler chooses the others when they start. */
    readonly enqueueTrials: readonly {
      readonly id: string;
      /** Dense from 0 within the study. */
      readonly number: number;
    }[];
  },
  { readonly study: string; readonly params: readonly unknown[] }
> = `mutation EnqueueOneTrial($study: ID!, $params: [JSON!]!) {
  enqueueTrials(study: $study, params: $params) {
    id
    number
  }
}`;
