import type { Pool } from 'pg';

/** An answer that took longer does not tell the time well enough. */
const maxAnswerMs = 1000;

/**
 * The time of the database, which all servers on it share: leases, time limits and durations must not depend on how the
 * clock of each machine goes, or is set. Between two looks it goes on with this process's own monotonic clock; before the
 * first it is this machine's time.
 */
export class DatabaseClock {
  readonly #pool: Pool;
  #lookedAt = performance.now();
  #ms = Date.now();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  now(): Date {
    return new Date(this.#ms + performance.now() - this.#lookedAt);
  }

  /** Sets it by the database's. */
  async look(): Promise<void> {
    const asked = performance.now();
    const { rows } = await this.#pool.query<{ ms: number }>(
      'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms',
    );
    const answered = performance.now();
    if (answered - asked > maxAnswerMs) return;
    this.#ms = rows[0]!.ms;
    this.#lookedAt = (asked + answered) / 2;
  }
}
