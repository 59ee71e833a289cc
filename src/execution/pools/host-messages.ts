import type { MessagePort } from 'node:worker_threads';
import type { JsonObject } from '../../core/json.ts';
import type { Params } from '../../core/search-space/space.ts';
import type { ArtifactFile } from '../../trainables/artifact.ts';
import type { BackendName, BackendOptions } from '../../trainables/backends/backend.ts';
import type { Dataset } from '../../trainables/datasets/dataset.ts';
import type { PlacedDevice } from '../../trainables/placed-device.ts';
import type { MetricValues } from '../../trainables/trainable.ts';

// What the server and a host of trials, which is a thread or a process, say to each other.

/** What a host is started with. */
export interface HostSetup {
  readonly backend: BackendName;
  readonly backendOptions: BackendOptions;
  /** The folder with the operator's own trainables. */
  readonly trainablesDir: string | null;
  /** The folder with the operator's models. */
  readonly modelsDir: string | null;
  /**
   * Of a host that is shared by trials, and so never ended by force for one of them: how long a trial may take to react
   * to a stop before it is given up. Null: the host runs one trial at a time.
   */
  readonly giveUpMs: number | null;
}

/** What a thread is started with. */
export interface ThreadSetup extends HostSetup {
  /** The line to the server: a line of its own, as what trials' code posts to its parent must not come there. */
  readonly port: MessagePort;
}

/** What a process is started with. */
export interface ProcessSetup extends HostSetup {
  /** The folder with the operator's own datasets. */
  readonly datasetsDir: string | null;
}

/** One trial's work. */
export interface RunOrder {
  readonly trialId: number;
  readonly attempt: number;
  readonly trainable: string;
  readonly params: Params;
  readonly options: JsonObject;
  readonly seed: number;
  readonly device: PlacedDevice;
  /** The datasets that the trainable will load, in shared memory; null: the host loads them itself. */
  readonly datasets: readonly Dataset[] | null;
  /** What an earlier attempt has saved last. */
  readonly checkpoint: Uint8Array | null;
}

export type ToHost =
  | { readonly type: 'run'; readonly order: RunOrder }
  | { readonly type: 'stop' | 'pause'; readonly trialId: number }
  /** To stop all trials and end when nothing is under way any more. */
  | { readonly type: 'close' }
  | ArtifactAnswer;

/** What came of a file that a trial has sent: `fault` says why it was not stored. */
export interface ArtifactAnswer {
  readonly type: 'artifact';
  readonly trialId: number;
  readonly request: number;
  readonly fault: string | null;
}

/** How a run ended, as its host saw it. */
export type RunOutcome =
  /** `values` undefined: the last reported ones. */
  | { readonly state: 'COMPLETED'; readonly values: MetricValues | undefined }
  | { readonly state: 'STOPPED' }
  /** As it was asked to; its last checkpoint came before. */
  | { readonly state: 'PAUSED' }
  /** `retry` false: its settings are the reason, so it would fail again. */
  | { readonly state: 'FAILED'; readonly error: string; readonly retry?: false }
  /** The device went away under it, for no fault of its own: it may start again. */
  | { readonly state: 'LOST'; readonly error: string }
  /** It does not fit into memory. */
  | { readonly state: 'INFEASIBLE'; readonly error: string };

export interface RunReport {
  readonly step: number;
  readonly values: MetricValues;
  /** Wall time in milliseconds since 1970. */
  readonly time: number;
}

export type FromHost =
  | { readonly type: 'ready'; readonly device: string }
  | { readonly type: 'unusable'; readonly reason: string }
  /** Its device is gone; all its runs were told to have ended. */
  | { readonly type: 'lost'; readonly reason: string }
  | { readonly type: 'report'; readonly trialId: number; readonly report: RunReport }
  /** It saves checkpoints, or has asked for one: paused, it can go on where it was. */
  | { readonly type: 'resumable'; readonly trialId: number }
  | { readonly type: 'checkpoint'; readonly trialId: number; readonly bytes: Uint8Array }
  /** Answered with the same `request`, a number of the trial's own choice. */
  | {
      readonly type: 'artifact';
      readonly trialId: number;
      readonly request: number;
      readonly file: ArtifactFile;
    }
  | { readonly type: 'log'; readonly trialId: number; readonly line: string }
  | {
      readonly type: 'ended';
      readonly trialId: number;
      readonly outcome: RunOutcome;
      readonly peakBytes?: number;
    };
