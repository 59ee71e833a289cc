import { type ChildProcess, spawn } from 'node:child_process';

// Signals that a terminal or a service manager sends to everything at once must not end it before the server.
const keeper = `
trap '' HUP INT TERM
while read -r line; do groups=$line; done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
`;

/**
 * Ends process groups when this process dies, however it dies. A shell is told which groups there are; the end of the
 * pipe to it is the end of this process. On Windows nobody does that.
 */
export class Lifeline {
  readonly #groups = new Set<number>();
  #keeper: ChildProcess | null = null;
  #isClosed = false;

  /** @param group the id of its leader */
  add(group: number): void {
    this.#groups.add(group);
    this.#tell();
  }

  remove(group: number): void {
    this.#groups.delete(group);
    this.#tell();
  }

  /** Leaves nothing to be ended. */
  close(): void {
    this.#isClosed = true;
    this.#groups.clear();
    this.#tell();
    this.#keeper?.stdin?.end();
  }

  #tell(): void {
    if (process.platform === 'win32') return;
    if (this.#keeper === null && this.#groups.size > 0) this.#keeper = this.#startKeeper();
    this.#keeper?.stdin?.write(`${[...this.#groups].join(' ')}\n`);
  }

  #startKeeper(): ChildProcess {
    const child = spawn('/bin/sh', ['-c', keeper], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      env: {},
    });
    const replace = (): void => {
      if (this.#keeper !== child) return;
      this.#keeper = null;
      // Somebody has killed it: the groups need another one.
      if (!this.#isClosed) setTimeout(() => this.#tell(), 100).unref();
    };
    child.on('exit', replace);
    child.on('error', replace);
    child.stdin.on('error', () => {});
    // It must not keep this process alive, whose end it waits for.
    child.unref();
    (child.stdin as unknown as { unref?(): void }).unref?.();
    return child;
  }
}
