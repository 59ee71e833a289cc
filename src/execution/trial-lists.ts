import { isEmptyFilter, type TrialFilter } from '../core/trial-list/trial-filter.ts';
import type { TrialListRequest } from '../core/trial-list/trial-list.ts';
import { checkOrder, type TrialPosition } from '../core/trial-list/trial-order.ts';
import type { StudyRecord, TrialRecord } from '../storage/records.ts';
import type { TrialStore } from '../storage/trial-store.ts';
import type { LiveStudies } from './live-studies.ts';

export interface PlacedTrial {
  readonly trial: TrialRecord;
  readonly position: TrialPosition;
}

/** Pages of a study's trials: their order and filters come from the study in memory, the trials from the database. */
export class TrialLists {
  readonly #trials: TrialStore;
  readonly #live: LiveStudies;

  constructor(trials: TrialStore, live: LiveStudies) {
    this.#trials = trials;
    this.#live = live;
  }

  /** @throws InputError for an order that lacks its name */
  async page(study: StudyRecord, request: TrialListRequest): Promise<PlacedTrial[]> {
    const { filter, order, limit } = request;
    checkOrder(order);
    if (order.field === 'NUMBER' && isEmptyFilter(filter)) return this.#byNumber(study, request);
    const { list } = await this.#live.asOf(study);
    const placed: PlacedTrial[] = [];
    let { after, offset = 0 } = request;
    while (placed.length < limit) {
      const page = list.page({ ...request, after, offset, limit: limit - placed.length });
      if (page.length === 0) break;
      const numbers = page.map(({ number }) => number);
      const trials = new Map(
        (await this.#trials.findByNumbers(study.id, numbers)).map((trial) => [trial.number, trial]),
      );
      for (const position of page) {
        const trial = trials.get(position.number);
        // One that is being asked for is in memory before it is stored.
        if (trial !== undefined) placed.push({ trial, position });
      }
      after = page.at(-1)!;
      offset = 0;
    }
    return placed;
  }

  async count(study: StudyRecord, filter: TrialFilter): Promise<number> {
    // Numbers have no gaps.
    if (isEmptyFilter(filter)) return study.trialCount;
    const live = await this.#live.asOf(study);
    return live.derive(`count ${JSON.stringify(filter)}`, () => live.list.count(filter));
  }

  /** Needs nothing of the study in memory, which it may not be. */
  async #byNumber(
    { id, trialCount }: StudyRecord,
    { order, limit, offset = 0, after }: TrialListRequest,
  ): Promise<PlacedTrial[]> {
    const { descending } = order;
    const start = after?.number ?? (descending ? trialCount : -1);
    // Numbers have no gaps.
    const behind = descending ? start - offset : start + offset;
    const trials = await this.#trials.byNumber(id, { after: behind, descending, limit });
    return trials.map((trial) => ({
      trial,
      position: { missing: false, key: trial.number, number: trial.number },
    }));
  }
}
