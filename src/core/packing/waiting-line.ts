import type { TrialPlacement, Waiting } from './place-trial.ts';

/** A trial that waits for memory or for a slot. */
export interface WaitingTrial extends Waiting {
  readonly studyId: number;
  /** The devices that could run it. */
  readonly devices: readonly string[];
  readonly reason: string;
  /** In milliseconds since 1970. */
  readonly since: number;
}

interface Entry extends WaitingTrial {
  /** How many others have started where it could have. */
  readonly overtaken: number;
  /** The device that is kept free for it. */
  readonly kept: string | null;
}

/**
 * How many others may start on the devices that a trial waits for. So small trials use the memory that a large one
 * leaves, and it waits for no more than what runs and these.
 */
const maxOvertakes = 8;

/** The trials that wait, in the order in which they came. A large one is not kept waiting by small ones for ever. */
export class WaitingLine {
  readonly #entries = new Map<number, Entry>();

  get trials(): readonly WaitingTrial[] {
    return [...this.#entries.values()];
  }

  get(trial: number): WaitingTrial | undefined {
    return this.#entries.get(trial);
  }

  /** Takes in where a trial was placed: it waits, still or anew, or it does no longer. */
  placed(trial: Waiting & { readonly studyId: number }, placement: TrialPlacement, now: number): void {
    const { since = now, overtaken = 0, kept = null } = this.#entries.get(trial.trial) ?? {};
    if (placement.action === 'WAIT') {
      const { reason, devices } = placement;
      this.#entries.set(trial.trial, { ...trial, reason, devices, since, overtaken, kept });
      return;
    }
    this.leave(trial.trial);
    if (placement.action === 'START') this.started(placement.device, trial.priority);
  }

  /** Counts a start on a device for those that it has overtaken: all of no lower priority that wait for the device. */
  started(device: string, priority: number): void {
    for (const entry of this.#entries.values()) {
      if (entry.priority < priority || !entry.devices.includes(device)) continue;
      const overtaken = entry.overtaken + 1;
      const kept = entry.kept ?? (overtaken >= maxOvertakes ? this.#toKeep(device) : null);
      this.#entries.set(entry.trial, { ...entry, overtaken, kept });
    }
  }

  leave(trial: number): void {
    this.#entries.delete(trial);
  }

  leaveAll(studyId: number): void {
    for (const entry of [...this.#entries.values()]) if (entry.studyId === studyId) this.leave(entry.trial);
  }

  /** For whom a device is kept free: of those that were overtaken too often the first of the highest priority. */
  keptFor(device: string): Waiting | null {
    let first: Entry | null = null;
    for (const entry of this.#entries.values()) {
      if (entry.kept === device && (first === null || entry.priority > first.priority)) first = entry;
    }
    return first;
  }

  /** A device is kept for one at a time; the next keeps it when that one has started. */
  #toKeep(device: string): string | null {
    return this.keptFor(device) === null ? device : null;
  }
}
