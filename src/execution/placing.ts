import type { MemoryPrediction } from '../core/packing/memory-prediction.ts';
import type { TrialPlacement } from '../core/packing/place-trial.ts';
import type { Params } from '../core/search-space/space.ts';
import type { StudyRecord, TrialRecord } from '../storage/records.ts';
import { isCommand } from '../trainables/command/command.ts';
import type { Trainable } from '../trainables/trainable.ts';
import type { PlacementDecision, ProposedTrial } from './ask-trials.ts';
import type { ComputeDevice } from './devices/compute-device.ts';
import { nothing, type Scheduler } from './devices/scheduler.ts';

/** One look at a study for a trial to start: decides within the transaction that asks, and is applied after it. */
export class Placing {
  readonly #scheduler: Scheduler;
  readonly #study: StudyRecord;
  readonly #trainable: Trainable;
  readonly #prediction: MemoryPrediction | null;
  readonly #stored = new Map<number, TrialPlacement>();
  #fresh: TrialPlacement | null = null;

  /** @param prediction null where trials will fail before they start: their datasets cannot be had */
  constructor(
    scheduler: Scheduler,
    study: StudyRecord,
    trainable: Trainable,
    prediction: MemoryPrediction | null,
  ) {
    this.#scheduler = scheduler;
    this.#study = study;
    this.#trainable = trainable;
    this.#prediction = prediction;
  }

  /** Whether a setting fitted no device. */
  get hasRejected(): boolean {
    return [...this.#stored.values(), this.#fresh].some((placement) => placement?.action === 'REJECT');
  }

  /** Whether a setting was suggested that has to wait. */
  get hasQueued(): boolean {
    return this.#fresh?.action === 'WAIT';
  }

  decide({ id, params }: ProposedTrial): PlacementDecision {
    const need = this.#trainable.runsOn(this.#study.trainableOptions);
    const predicted =
      this.#prediction?.predict({ estimatedBytes: estimate(this.#trainable, params, this.#study) }) ??
      nothing;
    const placement = this.#scheduler.place({ trial: id, study: this.#study, need, predicted });
    if (id === null) this.#fresh = placement;
    else this.#stored.set(id, placement);
    const known =
      this.#prediction === null
        ? {}
        : {
            predictedBytes: predicted.bytes,
            totalSteps: this.#trainable.totalSteps(params, this.#study.trainableOptions),
          };
    if (placement.action === 'WAIT') return { action: 'WAIT', placement: known };
    if (placement.action === 'REJECT') {
      return { action: 'REJECT', placement: known, reason: placement.reason };
    }
    const { name, backend } = this.#scheduler.board.device(placement.device);
    // A program computes with what it likes.
    const computedWith = isCommand(this.#trainable) ? null : backend;
    return { action: 'START', placement: { ...known, device: name, backend: computedWith } };
  }

  /** Takes in what was decided, now that it is stored. @returns the device of the trial that starts */
  apply(started: TrialRecord | null): ComputeDevice | null {
    for (const [id, placement] of this.#stored) this.#scheduler.placed(id, this.#study, placement);
    if (started === null) return null;
    const placement = this.#stored.get(started.id) ?? this.#fresh;
    if (placement?.action !== 'START') return null;
    if (placement === this.#fresh) this.#scheduler.placed(started.id, this.#study, placement);
    return this.#scheduler.board.device(placement.device);
  }
}

/** What the trainable's own formula says; null where it has none, or where it fails. */
export function estimate(
  trainable: Trainable,
  params: Params,
  { trainableOptions }: Pick<StudyRecord, 'trainableOptions'>,
): number | null {
  try {
    return trainable.estimateMemory(params, trainableOptions);
  } catch {
    return null;
  }
}
