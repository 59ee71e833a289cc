import { crowdingDistances } from './crowding-distance.ts';
import { dominates } from './dominance.ts';
import type { Losses } from './losses.ts';
import { nonDominatedRanks } from './non-dominated-ranks.ts';

interface Member {
  readonly key: number;
  readonly losses: Losses;
}

/**
 * Points in the levels of a non-dominated sort, kept while points come and go (efficient level update, Li et al. 2017):
 * a new one looks for its level by halving, and pushes only those that it dominates to the next. NaN is not allowed.
 */
export class NonDominatedLevels {
  readonly #levels: Member[][] = [];
  readonly #levelOf = new Map<number, number>();
  /** By level, the points before it and, once asked for, how crowded its own are. */
  #crowding: (ReadonlyMap<number, number> | undefined)[] = [];

  get size(): number {
    return this.#levelOf.size;
  }

  has(key: number): boolean {
    return this.#levelOf.has(key);
  }

  /** Adds a point under a key that is not there yet. */
  add(key: number, losses: Losses): void {
    let low = 0;
    let high = this.#levels.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      // Whatever a level dominates, the levels before it dominate too.
      if (this.#levels[middle]!.some((member) => dominates(member.losses, losses))) low = middle + 1;
      else high = middle;
    }
    let moving: Member[] = [{ key, losses }];
    for (let level = low; moving.length > 0; level++) {
      const present = this.#levels[level] ?? [];
      const pushed: Member[] = [];
      const staying = present.filter((member) => {
        const isPushed = moving.some((mover) => dominates(mover.losses, member.losses));
        if (isPushed) pushed.push(member);
        return !isPushed;
      });
      this.#setLevel(level, [...staying, ...moving]);
      moving = pushed;
    }
  }

  /** Removes a point; its level and those behind are sorted anew. */
  delete(key: number): void {
    const first = this.#levelOf.get(key);
    if (first === undefined) return;
    const members = this.#levels
      .splice(first)
      .flat()
      .filter((member) => member.key !== key);
    this.#levelOf.delete(key);
    this.#crowding.length = Math.min(this.#crowding.length, first);
    const sorted: Member[][] = [];
    nonDominatedRanks(members.map(({ losses }) => losses)).forEach((rank, i) => {
      sorted[rank] ??= [];
      sorted[rank].push(members[i]!);
    });
    for (const [i, level] of sorted.entries()) this.#setLevel(first + i, level);
  }

  /** How many points are better: in a level before, or in the same one and less crowded. */
  countBefore(key: number): number {
    const level = this.#levelOf.get(key)!;
    let count = 0;
    for (let i = 0; i < level; i++) count += this.#levels[i]!.length;
    const crowding = this.#crowdingOf(level);
    const own = crowding.get(key)!;
    for (const distance of crowding.values()) if (distance > own) count++;
    return count;
  }

  /** The keys of the best `count` points, best first; of equally crowded ones the least key. */
  *best(count: number): Generator<number> {
    let left = count;
    for (let level = 0; left > 0 && level < this.#levels.length; level++) {
      const crowding = this.#crowdingOf(level);
      const keys = [...crowding.keys()].sort((a, b) => compare(crowding.get(b)!, crowding.get(a)!) || a - b);
      for (const key of keys.slice(0, left)) yield key;
      left -= keys.length;
    }
  }

  #setLevel(level: number, members: Member[]): void {
    this.#levels[level] = members;
    this.#crowding[level] = undefined;
    for (const { key } of members) this.#levelOf.set(key, level);
  }

  #crowdingOf(level: number): ReadonlyMap<number, number> {
    let crowding = this.#crowding[level];
    if (crowding === undefined) {
      // The order of arrival must not decide between equal points.
      const members = [...this.#levels[level]!].sort((a, b) => a.key - b.key);
      const distances = crowdingDistances(members.map(({ losses }) => losses));
      crowding = new Map(members.map(({ key }, i) => [key, distances[i]!]));
      this.#crowding[level] = crowding;
    }
    return crowding;
  }
}

/** Orders infinities too, whose difference would be NaN. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
