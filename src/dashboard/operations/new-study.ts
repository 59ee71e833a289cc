// Made of schema.graphql and the .graphql file beside it by `npm run generate`. Do not edit.
import type { Json, TypedDocument } from '../../client/index.ts';
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

/** Where this server runs a trial. PROCESS: in a process of its own, which takes no other with it whatever it does. */
export type Isolation = 'PROCESS' | 'THREAD';

export interface ObjectiveInput {
  readonly direction: Direction;
  readonly metric: string;
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

const trainableFragment = `fragment Trainable on Trainable {
  name
  description
  searchSpace
  optionsSchema
  metrics
}`;

export const newStudyChoices: TypedDocument<
  {
    readonly trainables: readonly Trainable[];
    /** What `trainableOptions.dataset` of the built-in trainables may name: docs/datasets.md. */
    readonly datasets: readonly string[];
    /** The tags that studies have, by name. */
    readonly studyTags: readonly string[];
  },
  Record<never, never>
> = `query NewStudyChoices {
  trainables {
    ...Trainable
  }
  datasets
  studyTags
}
${trainableFragment}`;

export const createStudy: TypedDocument<
  {
    readonly createStudy: {
      readonly id: string;
    };
  },
  { readonly input: CreateStudyInput }
> = `mutation CreateStudy($input: CreateStudyInput!) {
  createStudy(input: $input) {
    id
  }
}`;
