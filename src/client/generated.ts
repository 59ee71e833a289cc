// Made of schema.graphql and operations.graphql by `npm run generate`. Do not edit.
import type { Columns, Json, JsonScalar, Params, Values } from './json.ts';
import type { TypedDocument } from './typed-document.ts';

export type Comparison = 'GREATER_OR_EQUAL' | 'LESS_OR_EQUAL';

export interface ConstraintInput {
  readonly bound: number;
  readonly comparison: Comparison;
  readonly metric: string;
}

export interface CreateStudyInput {
  readonly constraints?: readonly ConstraintInput[] | null | undefined;
  readonly description?: string | null | undefined;
  /** Absent: as the trainable says, mostly THREAD. */
  readonly isolation?: Isolation | null | undefined;
  readonly maxConcurrentTrials?: number | null | undefined;
  /** Unique within the project. */
  readonly name: string;
  readonly objectives: readonly ObjectiveInput[];
  /** From -1000 to 1000, 0 by default: its trials start before those of studies with a lower one; among equals the study with the fewest running trials comes first. */
  readonly priority?: number | null | undefined;
  readonly project?: string | null | undefined;
  /** {"kind": "median"}, or percentile, threshold, patient, asha, hyperband, wilcoxon, front (several objectives); absent or null: none. asha and hyperband with {"promotion": true} pause trials and resume the best. */
  readonly pruner?: unknown;
  /** How often a trial is started again: {"lost": 3, "failed": 0, "delaySeconds": 1, "maxDelaySeconds": 300} by default, each optional. `lost` (the server's trialRetries) is for those whose worker died; `failed` for those that FAILED, which mostly would fail again; both count all failures of the trial. The delay doubles each time, half of it random. */
  readonly retries?: unknown;
  /** {"kind": "auto"} by default. Others: random; sobol (evenly spread); tpe (learns from what was tried: `startupTrials`, `candidates`); grid (`steps`, a number or {"rate": 5} by parameter) and exhaustive (every setting), which try each setting once and then end the study. `seed` makes a study repeatable. */
  readonly sampler?: unknown;
  /** Makes one objective of several for the sampler; the front stays over all. {"kind": "linear" or "tchebycheff", "weights": {"loss": 2, "seconds": 1}} or {"kind": "epsilonConstraint", "objective": "loss", "bounds": {"seconds": 60}}. */
  readonly scalarisation?: unknown;
  /** Parameters by name, such as {"rate": {"type": "float", "low": 1e-4, "high": 0.1, "log": true}}, and constraints between them under "$constraints" (docs/search-spaces.md); absent: the trainable’s own. */
  readonly searchSpace?: unknown;
  /** {"maxTrials", "timeoutSeconds", "deviceSeconds", "target": {"metric", "value"}, "patience", "regretBound": {"threshold"}}, each optional: trials, wall time, the time of all trials together, a value to reach, trials without a better result, and what a better setting can gain at most, as a Gaussian process bounds it (see docs/stop-rules.md). */
  readonly stopRules?: unknown;
  readonly tags?: readonly string[] | null | undefined;
  /** What the trials run (see `trainables`); absent: they are run elsewhere (ask, report, tell). */
  readonly trainable?: string | null | undefined;
  /** Fixed settings of the trainable: dataset, epochs, ... */
  readonly trainableOptions?: unknown;
  /** How long an attempt of a trial may run, wherever it runs; then it is FAILED and stopped. Absent: for ever. */
  readonly trialTimeoutSeconds?: number | null | undefined;
}

export type Direction = 'MAXIMIZE' | 'MINIMIZE';

/** What the best trials are compared with. */
export type ImportanceBaseline = 'SPACE' | 'TRIALS';

/** Where this server runs a trial. PROCESS: in a process of its own, which takes no other with it whatever it does. */
export type Isolation = 'PROCESS' | 'THREAD';

/** Who says how much memory a device has. */
export type MemorySource = 'DRIVER' | 'LARGEST_BUFFER' | 'MACHINE' | 'SETTING';

/** Compares the entry `name`; without a comparison, the entry must exist. */
export interface NumberFilter {
  readonly eq?: unknown;
  readonly gt?: number | null | undefined;
  readonly gte?: number | null | undefined;
  readonly lt?: number | null | undefined;
  readonly lte?: number | null | undefined;
  readonly name: string;
}

export interface ObjectiveInput {
  readonly direction: Direction;
  readonly metric: string;
}

/** Without a bound: what has such a number at all. */
export interface RangeFilter {
  readonly gt?: number | null | undefined;
  readonly gte?: number | null | undefined;
  readonly lt?: number | null | undefined;
  readonly lte?: number | null | undefined;
}

/** What the worker of a trial should do. CONTINUE: go on. PAUSE: save what it needs to go on later, give the trial back with pauseTrial, and ask for another. STOP: end it. */
export type ReportAction = 'CONTINUE' | 'PAUSE' | 'STOP';

export interface ReportLogInput {
  /** The fencing token; a stale one is refused (CONFLICT). */
  readonly attempt?: number | null | undefined;
  /** A number that grows per trial and attempt; a repeated one is acknowledged, not stored twice. */
  readonly batch?: number | null | undefined;
  /** Those with line breaks become several lines. */
  readonly lines: readonly string[];
  /** Of each of them, in milliseconds since 1970; absent: now. */
  readonly times?: readonly number[] | null | undefined;
  readonly trial: string;
}

export interface ReportMetricsInput {
  /** The fencing token; a stale one is refused (CONFLICT). */
  readonly attempt?: number | null | undefined;
  /** A number that grows per trial and attempt; a repeated one is acknowledged, not stored twice. */
  readonly batch?: number | null | undefined;
  readonly series: readonly SeriesInput[];
  readonly trial: string;
}

/** Either lists or packed arrays for a series, not both; all columns of one series have one length. */
export interface SeriesInput {
  readonly name: string;
  readonly packedSteps?: string | null | undefined;
  readonly packedTimes?: string | null | undefined;
  readonly packedValues?: string | null | undefined;
  readonly steps?: readonly number[] | null | undefined;
  /** Wall times in milliseconds since 1970; absent: now. */
  readonly times?: readonly number[] | null | undefined;
  /** null stands for NaN. */
  readonly values?: readonly (number | null)[] | null | undefined;
}

/** DOMINATED: only with several objectives. */
export type SpentOutcome = 'DOMINATED' | 'FAILED' | 'INFEASIBLE' | 'PRUNED';

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

export interface TellTrialInput {
  /** The attempt that ends; a stale one is refused (CONFLICT). */
  readonly attempt?: number | null | undefined;
  readonly error?: string | null | undefined;
  /** false: a trial that FAILED would fail again, so it is not retried whatever the study’s `retries` say. */
  readonly retry?: boolean | null | undefined;
  readonly state?: TrialState | null | undefined;
  /** Numbers by metric, for objectives and constraints; what is missing is taken from the last report. */
  readonly values?: unknown;
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

/** Absent fields stay as they are. */
export interface UpdateTrialInput {
  /** Markdown; null or empty: none. */
  readonly notes?: string | null | undefined;
  readonly tags?: readonly string[] | null | undefined;
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

/** values holds null for NaN and infinities (GraphQL floats are finite); the packed columns hold every bit. */
export interface PackedSeries {
  readonly name: string;
  /** Points in the range asked for, before downsampling. */
  readonly count: number;
  readonly last: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly packedSteps: string;
  readonly packedValues: string;
  readonly packedTimes: string;
}

/** Code that a trial can run, installed by the operator of this server. */
export interface Trainable {
  readonly name: string;
  readonly description: string;
  readonly searchSpace: Json;
  /** JSON Schema of what `trainableOptions` may hold, with defaults and descriptions; null where it takes anything. */
  readonly optionsSchema: Json | null;
  readonly metrics: readonly string[];
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

/** Who asks, and what they may do. */
export interface Viewer {
  readonly name: string;
  readonly role: string;
}

/** How much a parameter matters for being among the best tenth of the trials (PED-ANOVA). */
export interface ParameterImportance {
  readonly parameter: string;
  /** Its share of all parameters’ importance: they sum to 1, or are all 0 where nothing can be told yet. */
  readonly importance: number;
  /** The variance, over the parameter’s values, of the chance to be among the best. A conditional parameter: where it exists. */
  readonly raw: number;
  /** The same over whether the parameter exists at all; owed to the parameters that decide it, so in no share. */
  readonly activation: number;
}

/** A parameter that never mattered by itself: over 60 trials or more, those with its different values did equally well (Kruskal-Wallis, p >= 0.1). */
export interface IdleParameter {
  readonly parameter: string;
  readonly importance: number;
  /** How many trials had it. */
  readonly trials: number;
  readonly pValue: number;
  readonly sentence: string;
}

/** Values of a parameter that nothing good came from, though they were tried too often for chance (exact hypergeometric test, p < 0.05 over all ranges that were looked at). */
export interface UselessRange {
  readonly parameter: string;
  /** Included; null for a categorical parameter. */
  readonly low: number | null;
  /** Included; null for a categorical parameter. */
  readonly high: number | null;
  /** A list of choices; null for a numeric parameter. */
  readonly choices: Json | null;
  /** How many trials tried it. */
  readonly trials: number;
  /** By objective, the best value there; null where no trial ended with one. */
  readonly bestValues: Json;
  readonly pValue: number;
  readonly deviceHours: number;
  readonly sentence: string;
}

/** The trials that did not give what was looked for, by why. */
export interface SpentTrials {
  readonly outcome: SpentOutcome;
  readonly trials: number;
  /** Of all trials that ended, those that were cancelled apart. */
  readonly share: number;
  readonly deviceHours: number;
  readonly sentence: string;
}

/** The share of evenly spread points of the space, of those that are feasible as far as the nearest trials tell, with no trial within `distance` of the range of each of `parameters`. */
export interface UnexploredSpace {
  readonly share: number;
  readonly parameters: readonly string[];
  readonly distance: number;
  readonly points: number;
  readonly sentence: string;
}

export interface SpaceChange {
  readonly parameter: string;
  /** Of its range or choices; 0 where the parameter exists no more. */
  readonly keptShare: number;
  readonly sentence: string;
}

/** The space without its useless ends and choices; every good trial lies inside. */
export interface SuggestedSpace {
  /** As `cloneStudy` takes it. */
  readonly searchSpace: Json;
  readonly changes: readonly SpaceChange[];
  /** The product, over the parameters, of the shares of their ranges that are left. */
  readonly keptVolume: number;
  readonly sentence: string;
}

/** What the trials so far tell about the search space. */
export interface StudyInsights {
  /** Those that ended completed, pruned or infeasible. */
  readonly trials: number;
  /** The best tenth of them; with several objectives, the best non-domination ranks. */
  readonly goodTrials: number;
  /** Of all trials that ended. */
  readonly deviceHours: number;
  readonly importances: readonly ParameterImportance[];
  readonly idleParameters: readonly IdleParameter[];
  readonly uselessRanges: readonly UselessRange[];
  /** What the trials in useless ranges took, each counted once. */
  readonly uselessDeviceHours: number;
  readonly spentTrials: readonly SpentTrials[];
  readonly unexplored: UnexploredSpace;
  readonly suggestedSpace: SuggestedSpace;
  /** All of it in words, what matters most first. */
  readonly sentences: readonly string[];
}

/** How the hypervolume grew, all from one reference point: one entry for each trial that raised it, in the order in which they ended. */
export interface HypervolumeHistory {
  readonly numbers: readonly number[];
  /** How many trials had ended as COMPLETED, PRUNED or INFEASIBLE by then. */
  readonly ended: readonly number[];
  readonly hypervolumes: readonly (number | null)[];
  readonly referencePoint: Json;
}

/** One column a field, one entry a trial. params and values are columns by name, null where there is none. */
export interface TrialColumns {
  readonly numbers: readonly number[];
  readonly states: readonly TrialState[];
  readonly params: Columns<JsonScalar>;
  readonly values: Columns<number | null>;
  readonly feasible: readonly boolean[];
  readonly durationsMs: readonly (number | null)[];
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

/** New points of one series, in the order in which they were stored; for one step the last one counts. */
export interface MetricDelta {
  readonly trial: string;
  readonly name: string;
  readonly packedSteps: string;
  readonly packedValues: string;
  readonly packedTimes: string;
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

const packedSeriesFragment = `fragment PackedSeries on MetricSeries {
  name
  count
  last
  min
  max
  packedSteps
  packedValues
  packedTimes
}`;

const trainableFragment = `fragment Trainable on Trainable {
  name
  description
  searchSpace
  optionsSchema
  metrics
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

const viewerFragment = `fragment Viewer on Viewer {
  name
  role
}`;

const parameterImportanceFragment = `fragment ParameterImportance on ParameterImportance {
  parameter
  importance
  raw
  activation
}`;

const idleParameterFragment = `fragment IdleParameter on IdleParameter {
  parameter
  importance
  trials
  pValue
  sentence
}`;

const uselessRangeFragment = `fragment UselessRange on UselessRange {
  parameter
  low
  high
  choices
  trials
  bestValues
  pValue
  deviceHours
  sentence
}`;

const spentTrialsFragment = `fragment SpentTrials on SpentTrials {
  outcome
  trials
  share
  deviceHours
  sentence
}`;

const unexploredSpaceFragment = `fragment UnexploredSpace on UnexploredSpace {
  share
  parameters
  distance
  points
  sentence
}`;

const spaceChangeFragment = `fragment SpaceChange on SpaceChange {
  parameter
  keptShare
  sentence
}`;

const suggestedSpaceFragment = `fragment SuggestedSpace on SuggestedSpace {
  searchSpace
  changes {
    ...SpaceChange
  }
  keptVolume
  sentence
}`;

const studyInsightsFragment = `fragment StudyInsights on StudyInsights {
  trials
  goodTrials
  deviceHours
  importances {
    ...ParameterImportance
  }
  idleParameters {
    ...IdleParameter
  }
  uselessRanges {
    ...UselessRange
  }
  uselessDeviceHours
  spentTrials {
    ...SpentTrials
  }
  unexplored {
    ...UnexploredSpace
  }
  suggestedSpace {
    ...SuggestedSpace
  }
  sentences
}`;

const hypervolumeHistoryFragment = `fragment HypervolumeHistory on HypervolumeHistory {
  numbers
  ended
  hypervolumes
  referencePoint
}`;

const trialColumnsFragment = `fragment TrialColumns on TrialColumns {
  numbers
  states
  params
  values
  feasible
  durationsMs
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

const trialProgressFragment = `fragment TrialProgress on TrialProgress {
  trial {
    ...TrialData
  }
  fraction
  expectedEnd
  step
  latest
}`;

const metricDeltaFragment = `fragment MetricDelta on MetricDelta {
  trial
  name
  packedSteps
  packedValues
  packedTimes
}`;

export const study: TypedDocument<
  {
    readonly study: StudyData | null;
  },
  { readonly id: string }
> = `query Study($id: ID!) {
  study(id: $id) {
    ...StudyData
  }
}
${studyDataFragment}
${objectiveFragment}
${constraintFragment}
${trialCountsFragment}`;

export const studyByName: TypedDocument<
  {
    readonly studyByName: StudyData | null;
  },
  { readonly name: string; readonly project?: string | null | undefined }
> = `query StudyByName($name: String!, $project: String) {
  studyByName(name: $name, project: $project) {
    ...StudyData
  }
}
${studyDataFragment}
${objectiveFragment}
${constraintFragment}
${trialCountsFragment}`;

export const studies: TypedDocument<
  {
    readonly studies: {
      readonly edges: readonly {
        readonly node: StudyData;
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
> = `query Studies($first: Int!, $after: String, $filter: StudyFilter, $orderBy: StudyOrder) {
  studies(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    edges {
      node {
        ...StudyData
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount
  }
}
${studyDataFragment}
${objectiveFragment}
${constraintFragment}
${trialCountsFragment}`;

export const trial: TypedDocument<
  {
    readonly trial: TrialData | null;
  },
  { readonly id: string }
> = `query Trial($id: ID!) {
  trial(id: $id) {
    ...TrialData
  }
}
${trialDataFragment}
${memoryUseFragment}`;

export const studyTrials: TypedDocument<
  {
    readonly study: {
      readonly trials: {
        readonly edges: readonly {
          readonly node: TrialData;
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
  `query StudyTrials($study: ID!, $first: Int!, $after: String, $filter: TrialFilter, $orderBy: TrialOrder) {
  study(id: $study) {
    trials(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      edges {
        node {
          ...TrialData
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      totalCount
    }
  }
}
${trialDataFragment}
${memoryUseFragment}`;

export const bestTrials: TypedDocument<
  {
    readonly study: {
      /** One objective: the best trials, best first. Several: the Pareto front of the feasible trials. */
      readonly bestTrials: readonly TrialData[];
    } | null;
  },
  { readonly study: string; readonly first: number }
> = `query BestTrials($study: ID!, $first: Int!) {
  study(id: $study) {
    bestTrials(first: $first) {
      ...TrialData
    }
  }
}
${trialDataFragment}
${memoryUseFragment}`;

export const hypervolume: TypedDocument<
  {
    readonly study: {
      /** Of the front, from the reference point; null for one objective or without results. */
      readonly hypervolume: number | null;
    } | null;
  },
  { readonly study: string }
> = `query Hypervolume($study: ID!) {
  study(id: $study) {
    hypervolume
  }
}`;

export const importances: TypedDocument<
  {
    readonly study: {
      /** How much each parameter matters for being among the best tenth of the trials, most first. */
      readonly importances: readonly ParameterImportance[];
    } | null;
  },
  {
    readonly study: string;
    readonly objective?: string | null | undefined;
    readonly baseline?: ImportanceBaseline | null | undefined;
  }
> = `query Importances($study: ID!, $objective: String, $baseline: ImportanceBaseline) {
  study(id: $study) {
    importances(objective: $objective, baseline: $baseline) {
      ...ParameterImportance
    }
  }
}
${parameterImportanceFragment}`;

export const insights: TypedDocument<
  {
    /** Which settings are useless: parameters that never mattered, ranges nothing good came from, what they took, and a narrower space. */
    readonly studyInsights: StudyInsights;
  },
  { readonly study: string; readonly objective?: string | null | undefined }
> = `query Insights($study: ID!, $objective: String) {
  studyInsights(study: $study, objective: $objective) {
    ...StudyInsights
  }
}
${studyInsightsFragment}
${parameterImportanceFragment}
${idleParameterFragment}
${uselessRangeFragment}
${spentTrialsFragment}
${unexploredSpaceFragment}
${suggestedSpaceFragment}
${spaceChangeFragment}`;

export const hypervolumeHistory: TypedDocument<
  {
    readonly study: {
      /** Null for one objective. */
      readonly hypervolumeHistory: HypervolumeHistory | null;
    } | null;
  },
  { readonly study: string; readonly referencePoint?: unknown }
> = `query HypervolumeHistory($study: ID!, $referencePoint: JSON) {
  study(id: $study) {
    hypervolumeHistory(referencePoint: $referencePoint) {
      ...HypervolumeHistory
    }
  }
}
${hypervolumeHistoryFragment}`;

export const rankTrials: TypedDocument<
  {
    /** A study’s completed trials that keep its constraints, best first by a scalarisation of its objectives, such as {"kind": "tchebycheff", "weights": {"loss": 2, "seconds": 1}}. Nothing runs for it. */
    readonly rankTrials: readonly {
      readonly trial: TrialData;
      /** The scalarised loss: the smaller, the better. */
      readonly score: number;
      /** By how much it breaks the bounds of an epsilonConstraint, relative to the front’s range; 0 where it keeps them. */
      readonly violation: number;
    }[];
  },
  { readonly study: string; readonly scalarisation: unknown; readonly first?: number | null | undefined }
> = `query RankTrials($study: ID!, $scalarisation: JSON!, $first: Int) {
  rankTrials(study: $study, scalarisation: $scalarisation, first: $first) {
    trial {
      ...TrialData
    }
    score
    violation
  }
}
${trialDataFragment}
${memoryUseFragment}`;

export const studyColumns: TypedDocument<
  {
    readonly study: {
      /** Columns over all finished trials, for plots: one entry a trial, in trial order. */
      readonly trialColumns: TrialColumns;
    } | null;
  },
  {
    readonly study: string;
    readonly params?: readonly string[] | null | undefined;
    readonly states?: readonly TrialState[] | null | undefined;
  }
> = `query StudyColumns($study: ID!, $params: [String!], $states: [TrialState!]) {
  study(id: $study) {
    trialColumns(params: $params, states: $states) {
      ...TrialColumns
    }
  }
}
${trialColumnsFragment}`;

export const trialMetricSeries: TypedDocument<
  {
    readonly trial: {
      /** The series of this trial; maxPoints > 0 downsamples, keeping every extreme. */
      readonly metricSeries: readonly PackedSeries[];
    } | null;
  },
  {
    readonly trial: string;
    readonly names?: readonly string[] | null | undefined;
    readonly maxPoints: number;
    readonly fromStep?: number | null | undefined;
    readonly toStep?: number | null | undefined;
  }
> = `query TrialMetricSeries($trial: ID!, $names: [String!], $maxPoints: Int!, $fromStep: Int, $toStep: Int) {
  trial(id: $trial) {
    metricSeries(
      names: $names
      maxPoints: $maxPoints
      fromStep: $fromStep
      toStep: $toStep
    ) {
      ...PackedSeries
    }
  }
}
${packedSeriesFragment}`;

export const trialArtifacts: TypedDocument<
  {
    readonly trial: {
      /** The files of this trial, by name. */
      readonly artifacts: readonly ArtifactData[];
    } | null;
  },
  { readonly trial: string }
> = `query TrialArtifacts($trial: ID!) {
  trial(id: $trial) {
    artifacts {
      ...ArtifactData
    }
  }
}
${artifactDataFragment}`;

export const readLog: TypedDocument<
  {
    readonly trial: {
      /** What the trial has logged, from the beginning or after a cursor; at most 1000 lines at once. */
      readonly log: LogPage;
    } | null;
  },
  { readonly trial: string; readonly after?: string | null | undefined; readonly first: number }
> = `query ReadLog($trial: ID!, $after: Cursor, $first: Int!) {
  trial(id: $trial) {
    log(after: $after, first: $first) {
      ...LogPage
    }
  }
}
${logPageFragment}
${logLineFragment}`;

export const trainables: TypedDocument<
  {
    readonly trainables: readonly Trainable[];
  },
  Record<never, never>
> = `query Trainables {
  trainables {
    ...Trainable
  }
}
${trainableFragment}`;

export const queue: TypedDocument<
  {
    /** What waits for a device of this server, first what comes first. */
    readonly queue: readonly QueueEntry[];
  },
  Record<never, never>
> = `query Queue {
  queue {
    ...QueueEntry
  }
}
${queueEntryFragment}`;

export const devices: TypedDocument<
  {
    readonly devices: readonly Device[];
  },
  Record<never, never>
> = `query Devices {
  devices {
    ...Device
  }
}
${deviceFragment}`;

export const viewer: TypedDocument<
  {
    readonly viewer: Viewer;
  },
  Record<never, never>
> = `query Viewer {
  viewer {
    ...Viewer
  }
}
${viewerFragment}`;

export const createStudy: TypedDocument<
  {
    readonly createStudy: StudyData;
  },
  { readonly input: CreateStudyInput }
> = `mutation CreateStudy($input: CreateStudyInput!) {
  createStudy(input: $input) {
    ...StudyData
  }
}
${studyDataFragment}
${objectiveFragment}
${constraintFragment}
${trialCountsFragment}`;

export const updateStudy: TypedDocument<
  {
    readonly updateStudy: StudyData;
  },
  { readonly id: string; readonly input: UpdateStudyInput }
> = `mutation UpdateStudy($id: ID!, $input: UpdateStudyInput!) {
  updateStudy(id: $id, input: $input) {
    ...StudyData
  }
}
${studyDataFragment}
${objectiveFragment}
${constraintFragment}
${trialCountsFragment}`;

export const startStudy: TypedDocument<
  {
    /** Launches trials: on this process’s devices, or on the workers that serve it. Returns at once. `trials`: how many more to run; absent: until a stop rule holds. */
    readonly startStudy: StudyData;
  },
  { readonly id: string; readonly trials?: number | null | undefined }
> = `mutation StartStudy($id: ID!, $trials: Int) {
  startStudy(id: $id, trials: $trials) {
    ...StudyData
  }
}
${studyDataFragment}
${objectiveFragment}
${constraintFragment}
${trialCountsFragment}`;

export const pauseStudy: TypedDocument<
  {
    /** Starts no more trials; those that run go on to their end. `startStudy` resumes. */
    readonly pauseStudy: StudyData;
  },
  { readonly id: string }
> = `mutation PauseStudy($id: ID!) {
  pauseStudy(id: $id) {
    ...StudyData
  }
}
${studyDataFragment}
${objectiveFragment}
${constraintFragment}
${trialCountsFragment}`;

export const stopStudy: TypedDocument<
  {
    /** Ends the study and cancels the trials that wait or run. */
    readonly stopStudy: StudyData;
  },
  { readonly id: string }
> = `mutation StopStudy($id: ID!) {
  stopStudy(id: $id) {
    ...StudyData
  }
}
${studyDataFragment}
${objectiveFragment}
${constraintFragment}
${trialCountsFragment}`;

export const deleteStudy: TypedDocument<
  {
    /** Deletes the study with its trials, events and points. Returns its id. */
    readonly deleteStudy: string;
  },
  { readonly id: string }
> = `mutation DeleteStudy($id: ID!) {
  deleteStudy(id: $id)
}`;

export const cloneStudy: TypedDocument<
  {
    /** A new study with the same settings, in another `searchSpace` where one is given (such as the suggested one of `studyInsights`); `warmStart` queues the best parameters of this one first, as far as they fit. */
    readonly cloneStudy: StudyData;
  },
  {
    readonly id: string;
    readonly name: string;
    readonly warmStart?: boolean | null | undefined;
    readonly searchSpace?: unknown;
  }
> = `mutation CloneStudy($id: ID!, $name: String!, $warmStart: Boolean, $searchSpace: JSON) {
  cloneStudy(
    id: $id
    name: $name
    warmStart: $warmStart
    searchSpace: $searchSpace
  ) {
    ...StudyData
  }
}
${studyDataFragment}
${objectiveFragment}
${constraintFragment}
${trialCountsFragment}`;

export const enqueueTrials: TypedDocument<
  {
    /** Queues trials with all or some parameters fixed; the sampler chooses the others when they start. */
    readonly enqueueTrials: readonly TrialData[];
  },
  { readonly study: string; readonly params: readonly unknown[] }
> = `mutation EnqueueTrials($study: ID!, $params: [JSON!]!) {
  enqueueTrials(study: $study, params: $params) {
    ...TrialData
  }
}
${trialDataFragment}
${memoryUseFragment}`;

export const askTrials: TypedDocument<
  {
    /** Starts trials for the caller: queued ones first, then paused ones that the pruner promotes, then new suggestions. Fewer than asked for, or none, when the study is paused, finished or at its limits. */
    readonly askTrials: readonly TrialData[];
  },
  {
    readonly study: string;
    readonly count: number;
    readonly worker?: string | null | undefined;
    readonly leaseSeconds: number;
  }
> = `mutation AskTrials($study: ID!, $count: Int!, $worker: String, $leaseSeconds: Int!) {
  askTrials(
    study: $study
    count: $count
    worker: $worker
    leaseSeconds: $leaseSeconds
  ) {
    ...TrialData
  }
}
${trialDataFragment}
${memoryUseFragment}`;

export const heartbeatTrials: TypedDocument<
  {
    /** Prolongs leases. Returns the trials as they are now: stop work on those that no longer run. */
    readonly heartbeatTrials: readonly TrialData[];
  },
  { readonly ids: readonly string[]; readonly leaseSeconds: number }
> = `mutation HeartbeatTrials($ids: [ID!]!, $leaseSeconds: Int!) {
  heartbeatTrials(ids: $ids, leaseSeconds: $leaseSeconds) {
    ...TrialData
  }
}
${trialDataFragment}
${memoryUseFragment}`;

export const reportMetrics: TypedDocument<
  {
    /** Stores metric points; answers after the commit. */
    readonly reportMetrics: {
      /** Points stored, by this report or by the one it repeats. */
      readonly accepted: number;
      readonly action: ReportAction;
      /** Whether the action is PAUSE or STOP: stop training, and tell the state PRUNED unless the trial was cancelled. Telling PRUNED where the action is PAUSE pauses the trial; promoted, it starts anew. */
      readonly shouldStop: boolean;
      readonly reason: string | null;
    };
  },
  { readonly input: ReportMetricsInput }
> = `mutation ReportMetrics($input: ReportMetricsInput!) {
  reportMetrics(input: $input) {
    accepted
    action
    shouldStop
    reason
  }
}`;

export const reportLog: TypedDocument<
  {
    /** Adds lines to the log of a running trial; answers after the commit. */
    readonly reportLog: {
      /** Lines stored, by this report or by the one it repeats. */
      readonly accepted: number;
      /** Stop: the trial was cancelled. */
      readonly shouldStop: boolean;
    };
  },
  { readonly input: ReportLogInput }
> = `mutation ReportLog($input: ReportLogInput!) {
  reportLog(input: $input) {
    accepted
    shouldStop
  }
}`;

export const tellTrial: TypedDocument<
  {
    /** Ends a trial. Telling the same end again changes nothing. */
    readonly tellTrial: TrialData;
  },
  { readonly id: string; readonly input: TellTrialInput }
> = `mutation TellTrial($id: ID!, $input: TellTrialInput!) {
  tellTrial(id: $id, input: $input) {
    ...TrialData
  }
}
${trialDataFragment}
${memoryUseFragment}`;

export const stopTrial: TypedDocument<
  {
    /** Cancels a trial that waits or runs. One that runs in this server makes no batch but the one under way when this is answered; the worker of another learns of it at its next report or heartbeat. */
    readonly stopTrial: TrialData;
  },
  { readonly id: string }
> = `mutation StopTrial($id: ID!) {
  stopTrial(id: $id) {
    ...TrialData
  }
}
${trialDataFragment}
${memoryUseFragment}`;

export const pauseTrial: TypedDocument<
  {
    /** Pauses a trial until resumeTrial. A QUEUED one is held at once. A RUNNING one is told to save a checkpoint and to give its place back, which takes one batch here; the worker of another is answered PAUSE at its next report. Then it is QUEUED and held. With `attempt`, as its worker calls it: gives the trial back now. Held, it waits for resumeTrial; paused by its pruner, until that promotes it, and then it goes on before anything new is tried; otherwise for the next askTrials. A held trial is not started with its study and does not keep it from ending: it stays as it is when the study ends by itself, and is CANCELLED when that is stopped. One that its pruner has paused is PRUNED at the end. */
    readonly pauseTrial: TrialData;
  },
  {
    readonly id: string;
    readonly attempt?: number | null | undefined;
    readonly restart?: boolean | null | undefined;
  }
> = `mutation PauseTrial($id: ID!, $attempt: Int, $restart: Boolean) {
  pauseTrial(id: $id, attempt: $attempt, restart: $restart) {
    ...TrialData
  }
}
${trialDataFragment}
${memoryUseFragment}`;

export const resumeTrial: TypedDocument<
  {
    /** Puts a paused trial back into the queue, whether it was paused by request or by its pruner: its next attempt goes on from its checkpoint. One that is not paused stays as it is. In a finished study it waits for startStudy. */
    readonly resumeTrial: TrialData;
  },
  { readonly id: string }
> = `mutation ResumeTrial($id: ID!) {
  resumeTrial(id: $id) {
    ...TrialData
  }
}
${trialDataFragment}
${memoryUseFragment}`;

export const retryTrial: TypedDocument<
  {
    /** Queues a new trial with the parameters of one that has ended. In a finished study it waits for startStudy. */
    readonly retryTrial: TrialData;
  },
  { readonly id: string }
> = `mutation RetryTrial($id: ID!) {
  retryTrial(id: $id) {
    ...TrialData
  }
}
${trialDataFragment}
${memoryUseFragment}`;

export const updateTrial: TypedDocument<
  {
    /** Writes what people say about a trial, whatever state it is in. */
    readonly updateTrial: TrialData;
  },
  { readonly id: string; readonly input: UpdateTrialInput }
> = `mutation UpdateTrial($id: ID!, $input: UpdateTrialInput!) {
  updateTrial(id: $id, input: $input) {
    ...TrialData
  }
}
${trialDataFragment}
${memoryUseFragment}`;

export const deleteArtifact: TypedDocument<
  {
    /** Deletes a file of a trial; its content goes with the last file that has it. */
    readonly deleteArtifact: TrialData;
  },
  { readonly trial: string; readonly name: string; readonly attempt?: number | null | undefined }
> = `mutation DeleteArtifact($trial: ID!, $name: String!, $attempt: Int) {
  deleteArtifact(trial: $trial, name: $name, attempt: $attempt) {
    ...TrialData
  }
}
${trialDataFragment}
${memoryUseFragment}`;

export const studyEvents: TypedDocument<
  {
    /** A snapshot first (after: null), then every change of the study and its trials, in order, without gaps. A snapshot again where the events after the cursor are not kept any more. Ends when the study is deleted. */
    readonly studyEvents: StudyEventBatch;
  },
  { readonly study: string; readonly after?: string | null | undefined }
> = `subscription StudyEvents($study: ID!, $after: Cursor) {
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

export const followTrial: TypedDocument<
  {
    /** State, fraction done, expected end and latest metrics of one trial, until it has ended. */
    readonly trialProgress: TrialProgress;
  },
  { readonly trial: string }
> = `subscription FollowTrial($trial: ID!) {
  trialProgress(trial: $trial) {
    ...TrialProgress
  }
}
${trialProgressFragment}
${trialDataFragment}
${memoryUseFragment}`;

export const followLog: TypedDocument<
  {
    /** The log of a trial, from the beginning or after a cursor, and then live, until the trial has ended. */
    readonly trialLog: LogPage;
  },
  { readonly trial: string; readonly after?: string | null | undefined }
> = `subscription FollowLog($trial: ID!, $after: Cursor) {
  trialLog(trial: $trial, after: $after) {
    ...LogPage
  }
}
${logPageFragment}
${logLineFragment}`;

export const metrics: TypedDocument<
  {
    /** New metric points as columns, coalesced to at most maxRateHz messages a second. The first message has only the cursor of now: what was stored before it is read with metricSeries. With a cursor it goes on after that; the cursor "0" replays all. */
    readonly metrics: {
      readonly cursor: string;
      readonly series: readonly MetricDelta[];
    };
  },
  {
    readonly study?: string | null | undefined;
    readonly trials?: readonly string[] | null | undefined;
    readonly names?: readonly string[] | null | undefined;
    readonly after?: string | null | undefined;
    readonly maxRateHz?: number | null | undefined;
  }
> = `subscription Metrics($study: ID, $trials: [ID!], $names: [String!], $after: Cursor, $maxRateHz: Float) {
  metrics(
    study: $study
    trials: $trials
    names: $names
    after: $after
    maxRateHz: $maxRateHz
  ) {
    cursor
    series {
      ...MetricDelta
    }
  }
}
${metricDeltaFragment}`;

export const watchQueue: TypedDocument<
  {
    /** The queue as it is, and again at every change. */
    readonly queue: readonly QueueEntry[];
  },
  Record<never, never>
> = `subscription WatchQueue {
  queue {
    ...QueueEntry
  }
}
${queueEntryFragment}`;

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
