import { follow } from './follow.ts';
import { type FollowedLog, hasReached, isSamePosition, type Position } from './followed-log.ts';

/** What was written between two positions, encoded once for everybody. */
interface SharedBatch {
  readonly from: Position;
  readonly to: Position;
  readonly payload: string;
}

/** Batches that a member may be behind; fewer where they are long. */
const maxKeptBatches = 64;
const maxKeptLength = 2 ** 20;

/** The live end of some logs: read and encoded once for all members, and kept for as long as most of them need. */
export class SharedStream<T> {
  memberCount = 0;
  readonly #live: AsyncIterableIterator<SharedBatch, undefined>;
  readonly #waiting = new Set<() => void>();
  /** Each begins where the one before it ends, the last one ends at the head. */
  readonly #kept: SharedBatch[] = [];
  #keptLength = 0;
  #head: Position;
  #isReading = false;
  #ended: { readonly failure: unknown } | null = null;

  constructor({ source, newest }: FollowedLog<T>, encode: (value: T) => Promise<string>) {
    this.#head = newest;
    // Beyond the head where entries are of no interest.
    let position = newest;
    this.#live = follow<SharedBatch>({
      watch: (wake) => source.watch(wake),
      isDone: () => source.isDone(),
      minIntervalMs: source.minIntervalMs ?? 0,
      read: async () => {
        for (;;) {
          const step = await source.read(position, null);
          if (step === null) return null;
          position = step.position;
          if (step.value !== null)
            return { from: this.#head, to: position, payload: await encode(step.value) };
        }
      },
    });
  }

  /** The batch that begins at this very position, if it is kept. */
  batchFrom(position: Position): SharedBatch | undefined {
    return this.#kept.findLast(({ from }) => isSamePosition(from, position));
  }

  /** Up to where a member at `position`, at which no batch begins, must read alone; null: it has reached the head. */
  nextBoundary(position: Position): Position | null {
    const oldest = this.#kept[0]?.from ?? this.#head;
    if (!hasReached(position, oldest)) return oldest;
    return this.#kept.find(({ to }) => !hasReached(position, to))?.to ?? null;
  }

  /** Whether there will be no other batch. */
  get hasEnded(): boolean {
    return this.#ended !== null;
  }

  throwFailure(): void {
    if (this.#ended?.failure != null) throw this.#ended.failure;
  }

  /**
   * Calls `resume` when there is a batch more, or will be none. Nothing is read while nobody waits.
   * @returns a function that ends the wait
   */
  wait(resume: () => void): () => void {
    this.#waiting.add(resume);
    if (!this.#isReading) void this.#extend();
    return () => this.#waiting.delete(resume);
  }

  close(): void {
    void this.#live.return?.();
  }

  async #extend(): Promise<void> {
    this.#isReading = true;
    try {
      const { done, value } = await this.#live.next();
      if (done === true) this.#ended = { failure: null };
      else this.#keep(value);
    } catch (failure) {
      this.#ended = { failure };
    }
    this.#isReading = false;
    const resumes = [...this.#waiting];
    this.#waiting.clear();
    for (const resume of resumes) resume();
  }

  #keep(batch: SharedBatch): void {
    this.#head = batch.to;
    this.#kept.push(batch);
    this.#keptLength += batch.payload.length;
    // The newest one stays, however long.
    while (
      this.#kept.length > 1 &&
      (this.#kept.length > maxKeptBatches || this.#keptLength > maxKeptLength)
    ) {
      this.#keptLength -= this.#kept.shift()!.payload.length;
    }
  }
}
