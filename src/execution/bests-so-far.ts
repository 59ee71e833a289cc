import type { Pool } from 'pg';
import { type BestSoFar, bestSoFar } from '../core/pareto/best-so-far.ts';
import { readBestSoFar } from '../storage/read-best-so-far.ts';
import type { StudyRecord } from '../storage/records.ts';
import type { LiveStudies } from './live-studies.ts';

/** Studies whose answer is kept though they are not in memory. */
const maxKept = 1000;

/** How studies came to their best values, for lists of many: none is loaded into memory for it. */
export class BestsSoFar {
  readonly #pool: Pool;
  readonly #live: LiveStudies;
  readonly #kept = new Map<number, { readonly lastEvent: number; readonly bests: Promise<BestSoFar[]> }>();

  constructor(pool: Pool, live: LiveStudies) {
    this.#pool = pool;
    this.#live = live;
  }

  /** One for each objective. */
  async of(study: StudyRecord): Promise<BestSoFar[]> {
    const live = this.#live.known(study);
    if (live !== undefined) return live.derive('best so far', bestSoFar);
    const kept = this.#kept.get(study.id);
    if (kept?.lastEvent === study.lastEvent) return kept.bests;
    const bests = readBestSoFar(this.#pool, study);
    this.#kept.delete(study.id);
    this.#kept.set(study.id, { lastEvent: study.lastEvent, bests });
    if (this.#kept.size > maxKept) this.#kept.delete(this.#kept.keys().next().value!);
    bests.catch(() => this.#kept.delete(study.id));
    return bests;
  }
}
