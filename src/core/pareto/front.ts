import { dominates } from './dominance.ts';
import type { Losses } from './losses.ts';

/** What a trial came to: its number and its losses, none of them NaN. */
export interface Result {
  readonly number: number;
  readonly losses: Losses;
}

/** How a result stands to those before it: dominated by one, equal to one on the front, or neither. */
export type Standing = 'DOMINATED' | 'EQUAL' | 'NEW';

/**
 * The results that no other dominates, kept while results come one by one, in O(front) each. Which they are does not
 * depend on the order in which they came. Equal results do not dominate each other: all of them are on the front.
 */
export class ParetoFront {
  /** The likeliest to dominate first. */
  readonly #members: Result[] = [];

  get members(): readonly Result[] {
    return this.#members;
  }

  add(result: Result): Standing {
    const members = this.#members;
    const { losses } = result;
    for (let i = 0; i < members.length; i++) {
      const member = members[i]!;
      if (dominates(member.losses, losses)) {
        // One that has dominated is likely to do so again: it moves half way to the start.
        const ahead = i >>> 1;
        members[i] = members[ahead]!;
        members[ahead] = member;
        return 'DOMINATED';
      }
      if (isEqual(member.losses, losses)) {
        members.push(result);
        return 'EQUAL';
      }
    }
    let kept = 0;
    for (const member of members) {
      if (!dominates(losses, member.losses)) members[kept++] = member;
    }
    members.length = kept;
    members.push(result);
    return 'NEW';
  }
}

function isEqual(a: Losses, b: Losses): boolean {
  for (let k = 0; k < a.length; k++) {
    if (a[k] !== b[k]) return false;
  }
  return true;
}
