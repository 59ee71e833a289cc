import type { Logger } from '../core/logger.ts';
import type { TrialArtifacts } from './trial-artifacts.ts';

const collectEveryMs = 3_600_000;

/** Tidies up in the background: at the start, for what a killed server has left, and again from time to time. */
export class Housekeeper {
  readonly #artifacts: TrialArtifacts;
  readonly #log: Logger;
  #timer: NodeJS.Timeout | undefined;
  #underWay: Promise<void> = Promise.resolve();

  constructor(parts: { artifacts: TrialArtifacts; log: Logger }) {
    this.#artifacts = parts.artifacts;
    this.#log = parts.log;
  }

  start(): void {
    this.#timer = setInterval(() => this.#tidy(), collectEveryMs);
    this.#tidy();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#underWay;
  }

  #tidy(): void {
    this.#underWay = this.#underWay
      .then(() => this.#artifacts.collectGarbage())
      .catch((error) => this.#log.error({ err: error }, 'files could not be tidied up; trying again later'));
  }
}
