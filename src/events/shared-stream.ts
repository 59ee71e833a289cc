import { follow } from './follow.ts';
import { type FollowedLog, hasReached, isSamePosition, type Position } from './followed-log.ts';

/** What was written between two positions, encoded once for everybody. */
export interface SharedBatch {
  readonly from: Position;
  readonly to: Position;
  readonly json: Buffer;
}

/** Somebody at the live end. */
export interface LiveMember {
  /**
   * Takes a batch; must not throw.
   * @returns whether it stays at the live end
   */
  take(batch: SharedBatch): boolean;
}

/** Batches that a member may be behind; fewer where they are long. */
const maxKeptBatches = 64;
const maxKeptBytes = 2 ** 20;

/** The live end of some logs: read and encoded once for all members, and kept for as long as most of them need. */
export class SharedStream<T> {
  memberCount = 0;
  readonly #onlyNewest: boolean;
  readonly #batches: AsyncIterableIterator<SharedBatch, undefined>;
  /** Those at the head, each with what to call when it is not any more. */
  readonly #live = new Map<LiveMember, () => void>();
  /** Each begins where the one before it ends, the last one ends at the head. */
  readonly #kept: SharedBatch[] = [];
  #keptBytes = 0;
  #head: Position;
  #isReading = false;
  #ended: { readonly failure: unknown } | null = null;

  constructor({ source, newest }: FollowedLog<T>, encode: (value: T) => Promise<Buffer>) {
    this.#onlyNewest = source.onlyNewest ?? false;
    this.#head = newest;
    // Beyond the head where entries are of no interest.
    let position = newest;
    let isAtEnd = false;
    this.#batches = follow<SharedBatch>({
      watch: (wake) => source.watch(wake),
      isAtEnd: () => isAtEnd,
      isDone: () => source.isDone(),
      minIntervalMs: source.minIntervalMs ?? 0,
      read: async () => {
        for (;;) {
          const step = await source.read(position, null);
          if (step === null) return null;
          position = step.position;
          isAtEnd = step.isNewest ?? false;
          if (step.value === null && isAtEnd) return null;
          if (step.value !== null) return { from: this.#head, to: position, json: await encode(step.value) };
        }
      },
    });
  }

  /** Where the last batch ends; another object after each. */
  get head(): Position {
    return this.#head;
  }

  /** The batch that comes next for a member at this very position, if it is kept. */
  batchAfter(position: Position): SharedBatch | undefined {
    if (isSamePosition(position, this.#head)) return undefined;
    if (this.#onlyNewest) return this.#kept.at(-1);
    return this.#kept.findLast(({ from }) => isSamePosition(from, position));
  }

  /** Up to where a member at `position`, at which no batch begins, must read alone; null: it has reached the head. */
  nextBoundary(position: Position): Position | null {
    if (this.#onlyNewest) return null;
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
   * Hands a member that has reached the head every new batch until it does not stay there; resolves then, or when there
   * will be no other batch. Nothing is read while nobody is at the head.
   */
  follow(member: LiveMember): Promise<void> {
    return new Promise((resolve) => {
      this.#live.set(member, resolve);
      if (!this.#isReading) void this.#extend();
    });
  }

  unfollow(member: LiveMember): void {
    const resolve = this.#live.get(member);
    this.#live.delete(member);
    resolve?.();
  }

  close(): void {
    void this.#batches.return?.();
  }

  async #extend(): Promise<void> {
    this.#isReading = true;
    try {
      while (this.#live.size > 0) {
        const { done, value: batch } = await this.#batches.next();
        if (done === true) {
          this.#ended = { failure: null };
          break;
        }
        this.#keep(batch);
        for (const member of this.#live.keys()) if (!member.take(batch)) this.unfollow(member);
      }
    } catch (failure) {
      this.#ended = { failure };
    }
    this.#isReading = false;
    if (this.hasEnded) for (const member of this.#live.keys()) this.unfollow(member);
  }

  #keep(batch: SharedBatch): void {
    this.#head = batch.to;
    this.#kept.push(batch);
    this.#keptBytes += batch.json.length;
    // The newest one stays, however long.
    while (
      this.#kept.length > 1 &&
      (this.#onlyNewest || this.#kept.length > maxKeptBatches || this.#keptBytes > maxKeptBytes)
    ) {
      this.#keptBytes -= this.#kept.shift()!.json.length;
    }
  }
}
