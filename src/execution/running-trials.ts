import type { TrialRecord } from '../storage/records.ts';
import type { StudyCommit } from '../storage/study-writer.ts';

const maxRemembered = 20_000;

/**
 * Running trials as this process last saw them, so that a report need not read its trial first. Another server may know
 * better: only the store's check of the attempt decides.
 */
export class RunningTrials {
  readonly #trials = new Map<number, TrialRecord>();

  /** Undefined as well where `attempt` names another one than is known. */
  find(id: number, attempt: number | null | undefined): TrialRecord | undefined {
    const trial = this.#trials.get(id);
    return attempt == null || trial?.attempt === attempt ? trial : undefined;
  }

  remember(trial: TrialRecord): void {
    this.#trials.delete(trial.id);
    if (trial.state !== 'RUNNING') return;
    this.#trials.set(trial.id, trial);
    if (this.#trials.size <= maxRemembered) return;
    for (const oldest of this.#trials.keys()) {
      this.#trials.delete(oldest);
      break;
    }
  }

  forget(id: number): void {
    this.#trials.delete(id);
  }

  apply({ events }: StudyCommit): void {
    for (const { trial } of events) if (trial !== null) this.remember(trial);
  }
}
