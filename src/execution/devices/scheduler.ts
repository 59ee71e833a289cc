import { MemoryPrediction, type PredictedMemory } from '../../core/packing/memory-prediction.ts';
import { hasOpenSlot, placeTrial, type TrialPlacement } from '../../core/packing/place-trial.ts';
import { WaitingLine, type WaitingTrial } from '../../core/packing/waiting-line.ts';
import type { StudyRecord, TrialRecord } from '../../storage/records.ts';
import type { DeviceNeed } from '../../trainables/placed-device.ts';
import type { DeviceBoard } from './device-board.ts';

/** What a trial takes that fails before it starts. */
export const nothing: PredictedMemory = { bytes: 0, leastBytes: 0 };

/** A trial that might start. */
export interface Candidate {
  /** Its id; null for one that is not stored yet. */
  readonly trial: number | null;
  readonly study: Pick<StudyRecord, 'id' | 'priority'>;
  readonly need: DeviceNeed;
  readonly predicted: PredictedMemory;
}

/** Decides which trials start where: what devices have, what trials will need, and who has waited. */
export class Scheduler {
  readonly board: DeviceBoard;
  readonly #line = new WaitingLine();
  readonly #predictions = new Map<number, MemoryPrediction>();

  constructor(board: DeviceBoard) {
    this.board = board;
  }

  get waiting(): readonly WaitingTrial[] {
    return this.#line.trials;
  }

  /** Whether a trial of the study could start somewhere if it is small enough. */
  hasRoom(study: Candidate['study'], need: DeviceNeed): boolean {
    const loads = this.board.loads(need, this.#line);
    // Where there is no device at all, its trials must be told.
    return loads.length === 0 || loads.some((load) => this.#isOpen(load, study));
  }

  #isOpen(load: Parameters<typeof hasOpenSlot>[0], { id, priority }: Candidate['study']): boolean {
    if (hasOpenSlot(load, priority)) return true;
    // Kept for one of its own.
    const { fault, running, slots, keptFor } = load;
    if (fault !== null || running >= slots || keptFor === null) return false;
    return this.#line.get(keptFor.trial)?.studyId === id;
  }

  /** Why even a small trial of the study would have to wait now; null: it would start. */
  whyNot(study: Candidate['study'], need: DeviceNeed): string | null {
    const placement = this.place({ trial: null, study, need, predicted: nothing });
    return placement.action === 'START' ? null : placement.reason;
  }

  /** Where a trial would start now. Nothing changes by asking. */
  place({
    trial,
    study: { priority },
    need,
    predicted: { bytes: predictedBytes, leastBytes },
  }: Candidate): TrialPlacement {
    return placeTrial(this.board.loads(need, this.#line), { trial, priority, predictedBytes, leastBytes });
  }

  /** Takes in that what `place` said of a stored trial was done. */
  placed(trialId: number, study: Candidate['study'], placement: TrialPlacement): void {
    if (placement.action === 'START') this.board.reserve(trialId, placement.device, placement.reservedBytes);
    const waiting = { trial: trialId, studyId: study.id, priority: study.priority };
    this.#line.placed(waiting, placement, Date.now());
  }

  /** Takes in that a trial does not run here any more. */
  ended(trialId: number): void {
    this.board.release(trialId);
  }

  /** Takes in that a trial waits no longer: it was cancelled, or somebody else runs it. */
  left(trialId: number): void {
    this.#line.leave(trialId);
  }

  /** Takes in that a study starts no trials. */
  studyLeft(studyId: number): void {
    this.#line.leaveAll(studyId);
  }

  /** What is known of a study's memory. `load`: its newest trials that have run, oldest first. */
  async prediction(studyId: number, load: () => Promise<readonly Measured[]>): Promise<MemoryPrediction> {
    const known = this.#predictions.get(studyId);
    if (known !== undefined) return known;
    const prediction = new MemoryPrediction();
    for (const measured of await load()) learn(prediction, measured);
    this.#predictions.set(studyId, prediction);
    return prediction;
  }

  /** Learns from a trial that has run here, before `ended`. */
  learn(trial: TrialRecord, estimatedBytes: number | null): void {
    if (trial.peakBytes !== null) this.board.held(trial.id, trial.peakBytes);
    const prediction = this.#predictions.get(trial.studyId);
    if (prediction === undefined) return;
    const reservedBytes = this.board.reservedFor(trial.id);
    learn(prediction, {
      ...trial,
      predictedBytes: Math.max(reservedBytes, trial.predictedBytes ?? 0),
      estimatedBytes,
    });
  }

  /** Forgets a study: it has ended or was deleted. */
  forget(studyId: number): void {
    this.#predictions.delete(studyId);
    this.studyLeft(studyId);
  }
}

/** What a trial tells of memory when it has ended. */
export interface Measured
  extends Pick<TrialRecord, 'state' | 'values' | 'predictedBytes' | 'peakBytes' | 'startedAt'> {
  /** By the trainable's formula. */
  readonly estimatedBytes: number | null;
}

function learn(prediction: MemoryPrediction, trial: Measured): void {
  const { state, values, startedAt, peakBytes } = trial;
  // One that breaks a constraint has values.
  if (state === 'INFEASIBLE' && values === null) {
    // Without a start it was not even tried.
    if (startedAt !== null)
      prediction.observeOutOfMemory(trial, Math.max(trial.predictedBytes ?? 0, peakBytes ?? 0));
  } else if (state === 'COMPLETED' || state === 'PRUNED' || state === 'INFEASIBLE') {
    if (peakBytes !== null) prediction.observePeak(trial, peakBytes);
  }
}
