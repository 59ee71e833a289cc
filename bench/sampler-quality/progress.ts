import { createLogUpdate } from 'log-update';

const width = 30;
const secondsBetweenLines = 15;

/** How far the work has come, a bar a group and the time left; in a pipe, a line now and then. */
export class Progress {
  readonly #groups = new Map<string, { done: number; total: number }>();
  readonly #start = performance.now();
  readonly #update = process.stderr.isTTY ? createLogUpdate(process.stderr) : null;
  #lastShown = Number.NEGATIVE_INFINITY;

  constructor(groups: readonly string[]) {
    for (const group of groups) {
      const { done, total } = this.#groups.get(group) ?? { done: 0, total: 0 };
      this.#groups.set(group, { done, total: total + 1 });
    }
  }

  advance(group: string): void {
    this.#groups.get(group)!.done++;
    const now = performance.now();
    const wait = this.#update === null ? secondsBetweenLines * 1000 : 100;
    if (now - this.#lastShown < wait) return;
    this.#lastShown = now;
    if (this.#update === null) console.error(this.#total());
    else this.#update([...this.#bars(), this.#total()].join('\n'));
  }

  end(): void {
    this.#update?.clear();
    console.error(this.#total());
  }

  *#bars(): Generator<string> {
    for (const [group, { done, total }] of this.#groups) {
      const filled = Math.round((width * done) / total);
      yield `${group.padEnd(16)} ${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${done}/${total}`;
    }
  }

  #total(): string {
    const groups = [...this.#groups.values()];
    const done = groups.reduce((sum, group) => sum + group.done, 0);
    const total = groups.reduce((sum, group) => sum + group.total, 0);
    const elapsed = (performance.now() - this.#start) / 1000;
    const left = done === 0 ? '?' : Math.round((elapsed / done) * (total - done));
    return `${done} of ${total} studies, ${Math.round(elapsed)} s, ${left} s left`;
  }
}
