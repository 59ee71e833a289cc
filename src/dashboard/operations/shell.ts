// Made of schema.graphql and the .graphql file beside it by `npm run generate`. Do not edit.
import type { Json, Params, TypedDocument, Values } from '../../client/index.ts';
export type Comparison = 'GREATER_OR_EQUAL' | 'LESS_OR_EQUAL';

export type Direction = 'MAXIMIZE' | 'MINIMIZE';

/** Where this server runs a trial. PROCESS: in a process of its own, which takes no other with it whatever it does. */
export type Isolation = 'PROCESS' | 'THREAD';

/** Who says how much memory a device has. */
export type MemorySource = 'DRIVER' | 'LARGEST_BUFFER' | 'MACHINE' | 'SETTING';

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
export interface StudyData {
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly description: string | null;
  readonly state: StudyState;
  /** Why it ended, in words; null before. */
  readonly stopReason: string | null;
  /** What its trials run; null when they are run elsewhere (ask, report, tell). */
  readonly trainable: {
    readonly name: string;
  } | null;
  readonly trainableOptions: Json;
  readonly objectives: readonly Objective[];
  readonly constraints: readonly Constraint[];
  readonly searchSpace: Json;
  readonly sampler: Json;
  readonly pruner: Json | null;
  /** How the sampler makes one objective of several; null: it sees all. */
  readonly scalarisation: Json | null;
  readonly stopRules: Json;
  readonly maxConcurrentTrials: number | null;
  /** Its trials start before those of studies with a lower one. */
  readonly priority: number;
  /** Where this server runs its trials; null: as its trainable says. */
  readonly isolation: Isolation | null;
  /** How long an attempt of a trial may run; null: for ever. */
  readonly trialTimeoutSeconds: number | null;
  /** How often and after what time trials are started again. */
  readonly retries: Json;
  readonly tags: readonly string[];
  /** Seeds every suggestion, together with the trial’s number. */
  readonly seed: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly trialCounts: TrialCounts;
  /** The position of this state in the study’s events: subscribe after it to miss nothing. */
  readonly cursor: string;
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

/** What trials of this server run on. */
export interface Device {
  /** `cpu`, `cuda:0`, `webgpu`. */
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  /** What TensorFlow.js computes with there; `none`: only programs that trials start use it. */
  readonly backend: string;
  /** The place of an NVIDIA GPU on the bus, as nvidia-smi counts. */
  readonly cudaIndex: number | null;
  /** For all programs of the machine or container. */
  readonly memoryBytes: number | null;
  /** Who says how much memory it has; null where nobody does. */
  readonly memorySource: MemorySource | null;
  /** By all programs of the machine or container. */
  readonly memoryUsedBytes: number | null;
  /** What trials may be predicted to take together; null where the size is not known. */
  readonly memoryLimitBytes: number | null;
  /** What the trials that run on it are predicted to take together. */
  readonly memoryReservedBytes: number;
  readonly runningTrials: number;
  /** Trials that may run at once, as far as memory goes. */
  readonly slots: number;
  /** Why no trial can start on it now: it is gone, and the server tries to start it again. */
  readonly fault: string | null;
  /** The GPU as WebGPU tells of it, where that computes on it. */
  readonly adapter: {
    readonly vendor: string;
    readonly architecture: string;
    /** Whether it computes on the CPU. */
    readonly isSoftware: boolean;
    /** The largest that one tensor may be. */
    readonly maxTensorBytes: number;
  } | null;
}

/** A committed change, with the trial or the study as it was right after it. */
export interface StudyEvent {
  /** Such as TRIAL_STARTED, TRIAL_COMPLETED, STUDY_PAUSED. */
  readonly kind: string;
  readonly at: string;
  readonly trial: TrialData | null;
  readonly study: StudyData | null;
}

export interface StudyEventBatch {
  readonly cursor: string;
  readonly snapshot: StudyData | null;
  readonly events: readonly StudyEvent[];
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

const studyDataFragment = `fragment StudyData on Study {
  id
  name
  project
  description
  state
  stopReason
  trainable {
    name
  }
  trainableOptions
  objectives {
    ...Objective
  }
  constraints {
    ...Constraint
  }
  searchSpace
  sampler
  pruner
  scalarisation
  stopRules
  maxConcurrentTrials
  priority
  isolation
  trialTimeoutSeconds
  retries
  tags
  seed
  createdAt
  updatedAt
  startedAt
  finishedAt
  trialCounts {
    ...TrialCounts
  }
  cursor
}`;

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

const deviceFragment = `fragment Device on Device {
  id
  name
  kind
  backend
  cudaIndex
  memoryBytes
  memorySource
  memoryUsedBytes
  memoryLimitBytes
  memoryReservedBytes
  runningTrials
  slots
  fault
  adapter {
    vendor
    architecture
    isSoftware
    maxTensorBytes
  }
}`;

const studyEventFragment = `fragment StudyEvent on StudyEvent {
  kind
  at
  trial {
    ...TrialData
  }
  study {
    ...StudyData
  }
}`;

const studyEventBatchFragment = `fragment StudyEventBatch on StudyEventBatch {
  cursor
  snapshot {
    ...StudyData
  }
  events {
    ...StudyEvent
  }
}`;

export const watchDevices: TypedDocument<
  {
    /** The devices as they are, and again at every change. */
    readonly devices: readonly Device[];
  },
  Record<never, never>
> = `subscription WatchDevices {
  devices {
    ...Device
  }
}
${deviceFragment}`;

export const studyNow: TypedDocument<
  {
    readonly study: StudyData | null;
  },
  { readonly id: string }
> = `query StudyNow($id: ID!) {
  study(id: $id) {
    ...StudyData
  }
}
${studyDataFragment}
${objectiveFragment}
${constraintFragment}
${trialCountsFragment}`;

export const followStudy: TypedDocument<
  {
    /** A snapshot first (after: null), then every change of the study and its trials, in order, without gaps. A snapshot again where the events after the cursor are not kept any more. Ends when the study is deleted. */
    readonly studyEvents: StudyEventBatch;
  },
  { readonly study: string; readonly after?: string | null | undefined }
> = `subscription FollowStudy($study: ID!, $after: Cursor) {
  studyEvents(study: $study, after: $after) {
    ...StudyEventBatch
  }
}
${studyEventBatchFragment}
${studyDataFragment}
${objectiveFragment}
${constraintFragment}
${trialCountsFragment}
${studyEventFragment}
${trialDataFragment}
${memoryUseFragment}`;
