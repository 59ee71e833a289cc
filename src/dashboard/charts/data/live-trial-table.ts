import type { Client, Json, JsonScalar, StudyData, StudyEvent } from '../../../client/index.ts';
import type { LiveStudy } from '../../live/live-study.ts';
import { Store } from '../../live/store.ts';
import { trialParams, trialResults } from '../../operations/charts.ts';
import { parametersOf } from './parameters.ts';
import { TrialTable } from './trial-table.ts';

/** Charts are drawn anew so often at most while trials end. */
const tellEveryMs = 250;
/** Larger answers would keep the server, and this page, busy for long at once. */
const entriesAtOnce = 400_000;

/**
 * The table of a study's ended trials, read once and then kept by the study's events: no trial is read twice. Columns of
 * parameters are read when a chart needs them.
 */
export class LiveTrialTable {
  readonly table: TrialTable;
  /** Another number after each change; -1 before there are results. */
  readonly version = new Store(-1);
  /** What went wrong in reading; null after the next reading. */
  readonly error = new Store<Error | null>(null);
  readonly #client: Client;
  readonly #study: string;
  readonly #needed = new Set<string>();
  /** What happened while a reading was under way: its answer may be older. */
  #meanwhile: StudyEvent[] = [];
  #readings = 0;
  /** The reading of the results, which tells how many trials there are. */
  #results: Promise<void>;
  #changes = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Client, live: LiveStudy, study: StudyData) {
    this.#client = client;
    this.#study = study.id;
    const space = study.searchSpace as Readonly<Record<string, { readonly choices?: Json }>>;
    const choicesOf = (name: string) => (space[name]?.choices ?? []) as readonly JsonScalar[];
    this.table = new TrialTable(parametersOf(study.searchSpace), choicesOf);
    live.onEvents((events) => this.#take(events));
    this.#results = this.#readResults();
  }

  /** Reads the columns of these parameters, unless they are there. */
  need(names: readonly string[]): void {
    const missing = names.filter((name) => !this.#needed.has(name));
    if (missing.length > 0) void this.#readParams(missing);
  }

  /** Reads again after an error. */
  retry(): void {
    this.#results = this.#readResults();
    if (this.#needed.size > 0) void this.#readParams([...this.#needed]);
  }

  async #readResults(): Promise<void> {
    await this.#read(async () => {
      const { study } = await this.#client.query(trialResults, { study: this.#study });
      if (study !== null) this.table.setResults(study.trialColumns);
      if (this.version.get() < 0) this.version.set(0);
    });
  }

  async #readParams(names: readonly string[]): Promise<void> {
    for (const name of names) this.#needed.add(name);
    await this.#results;
    const count = Math.max(1, Math.floor(entriesAtOnce / Math.max(1, this.table.size)));
    for (let i = 0; i < names.length; i += count) {
      const params = names.slice(i, i + count);
      await this.#read(async () => {
        const { study } = await this.#client.query(trialParams, { study: this.#study, params });
        if (study !== null) this.table.setParams(study.trialColumns.numbers, study.trialColumns.params);
      });
    }
  }

  async #read(read: () => Promise<void>): Promise<void> {
    this.#readings += 1;
    try {
      await read();
      this.error.set(null);
    } catch (error) {
      this.error.set(error as Error);
    } finally {
      this.#readings -= 1;
      for (const { trial } of this.#meanwhile) if (trial !== null) this.table.apply(trial);
      if (this.#readings === 0) this.#meanwhile = [];
      this.#tell();
    }
  }

  #take(events: readonly StudyEvent[] | null): void {
    if (events === null) {
      this.retry();
      return;
    }
    const ofTrials = events.filter(({ trial }) => trial !== null);
    if (ofTrials.length === 0) return;
    if (this.#readings > 0) this.#meanwhile.push(...ofTrials);
    for (const { trial } of ofTrials) this.table.apply(trial!);
    this.#tell();
  }

  #tell(): void {
    this.#changes += 1;
    if (this.version.get() < 0) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.version.set(this.#changes);
    }, tellEveryMs);
  }
}
