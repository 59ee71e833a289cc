import type { TrialRecord } from '../../storage/records.ts';
import type { TrialStore } from '../../storage/trial-store.ts';

const trialsPerPage = 500;

/** The trials of a study by number, some hundred at a time. */
export async function* trialPages(
  trials: TrialStore,
  studyId: number,
): AsyncGenerator<readonly TrialRecord[], void> {
  for (let after = -1; ; ) {
    const page = await trials.byNumber(studyId, { after, descending: false, limit: trialsPerPage });
    if (page.length === 0) return;
    yield page;
    after = page.at(-1)!.number;
  }
}
