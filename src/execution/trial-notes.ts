import { FaultList } from '../core/errors.ts';
import { textFault } from '../core/text-fault.ts';
import type { TrialRecord } from '../storage/records.ts';
import type { StudyWriter } from '../storage/study-writer.ts';
import type { TrialStore } from '../storage/trial-store.ts';
import { checkTags } from './check-tags.ts';

/** What is absent stays as it is; empty notes are none. */
export interface Annotation {
  readonly notes?: string | null | undefined;
  readonly tags?: readonly string[] | null | undefined;
}

/** Every later event of the trial holds its notes. */
const maxNotesLength = 20_000;

/** What people write about trials, whatever state these are in: it changes nothing that a sampler sees. */
export class TrialNotes {
  readonly #writer: StudyWriter;
  readonly #trials: TrialStore;

  constructor({ writer, trials }: { writer: StudyWriter; trials: TrialStore }) {
    this.#writer = writer;
    this.#trials = trials;
  }

  /**
   * Writes the same twice without a second event.
   * @throws InputError for notes or tags that cannot be kept
   */
  async annotate(id: number, { notes, tags }: Annotation): Promise<TrialRecord> {
    checkAnnotation({ notes, tags });
    const { studyId } = await this.#trials.get(id);
    return this.#writer.change(studyId, async (change) => {
      const before = (await change.trials([id]))[0]!;
      const trial = {
        ...before,
        ...(notes !== undefined && { notes: notes || null }),
        ...(tags != null && { tags: [...new Set(tags)] }),
      };
      const isSame = trial.notes === before.notes && trial.tags.join('\n') === before.tags.join('\n');
      return isSame ? before : change.saveTrial('TRIAL_ANNOTATED', trial);
    });
  }
}

function checkAnnotation({ notes, tags }: Annotation): void {
  const faults = new FaultList();
  const fault = notes == null ? null : textFault(notes);
  if (fault !== null) faults.add('notes', fault);
  if (notes != null && notes.length > maxNotesLength) {
    faults.add('notes', `has ${notes.length} characters; at most ${maxNotesLength} are allowed.`);
  }
  checkTags(tags ?? [], faults);
  faults.throwIfAny();
}
