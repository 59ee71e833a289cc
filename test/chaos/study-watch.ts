import type { Client, NewPoints, Study, StudyEvent } from '../../src/client/index.ts';

/** Follows a study from its beginning, over every break of the connection, and stops trials that loop. */
export class StudyWatch {
  readonly events: StudyEvent[] = [];
  readonly points: NewPoints[] = [];
  readonly #client: Client;
  readonly #study: Study;
  readonly #end = new AbortController();
  readonly #followed: Promise<unknown>;
  #cursor = 0;
  #metricCursor = 0;

  constructor(client: Client, study: Study) {
    this.#client = client;
    this.#study = study;
    this.#followed = Promise.all([this.#followEvents(), this.#followPoints()]);
    // Told by `finish`.
    this.#followed.catch(() => {});
  }

  /** Resolves when it has seen all up to these cursors, and has ended. */
  async finish(lastEvent: number, lastCommit: number): Promise<void> {
    const isThere = () => this.#cursor >= lastEvent && this.#metricCursor >= lastCommit;
    while (!isThere()) {
      const news = new Promise((resolve) => {
        this.#onNews = () => resolve(null);
      });
      await Promise.race([news, this.#followed]);
    }
    this.#end.abort();
    await this.#followed.catch((error) => {
      if (error !== this.#end.signal.reason) throw error;
    });
  }

  #onNews: () => void = () => {};

  async #followEvents(): Promise<void> {
    for await (const batch of this.#study.events({ after: '0', signal: this.#end.signal })) {
      this.events.push(...batch.events);
      this.#cursor = Number(batch.cursor);
      this.#onNews();
    }
  }

  async #followPoints(): Promise<void> {
    for await (const batch of this.#study.metrics({ after: '0', signal: this.#end.signal })) {
      this.points.push(...batch.series);
      this.#metricCursor = Number(batch.cursor.split(':')[1]);
      for (const { trial, name } of batch.series) {
        if (name === 'looping') void this.#stop(trial);
      }
      this.#onNews();
    }
  }

  async #stop(trial: string): Promise<void> {
    await (await this.#client.trial(trial)).stop();
  }
}
