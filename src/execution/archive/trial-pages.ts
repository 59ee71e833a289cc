import type { TrialRecord } from '../../storage/records.ts';
import type { TrialPosition } from '../../storage/trial-query.ts';
import type { TrialStore } from '../../storage/trial-store.ts';

const trialsPerPage = 500;

/** The trials of a study by number, some hundred at a time. */
export async function* trialPages(
  trials: TrialStore,
  studyId: number,
): AsyncGenerator<readonly TrialRecord[], void> {
  for (let after: TrialPosition | null = null; ; ) {
    const page = await trials.page({
      studyId,
      filter: {},
      order: { field: 'NUMBER', descending: false },
      limit: trialsPerPage,
      after,
    });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page.map(({ trial }) => trial);
    after = last.position;
  }
}
