import type { Readable } from 'node:stream';
import { artifactNameFault } from '../../core/artifact-name.ts';
import { InputError } from '../../core/errors.ts';
import type { FileStorage } from '../../storage/artifacts/file-storage.ts';
import type { Database } from '../../storage/database.ts';
import type { NamedPoints } from '../../storage/metric-store.ts';
import { trialRow as toTrialRow } from '../../storage/records.ts';
import { withTransaction } from '../../storage/transaction.ts';
import type { Trainable } from '../../trainables/trainable.ts';
import { artifactRow, eventRow, logRow, pointRow, trialRow } from './archive-format.ts';
import { readCsv } from './csv.ts';
import type { ArchiveParts } from './export-study.ts';
import { PointBatches } from './point-batches.ts';
import { checkRow, type ZipReader } from './zip-reader.ts';

export interface ImportParts extends ArchiveParts {
  readonly database: Database;
  readonly files: FileStorage;
  readonly trainables: ReadonlyMap<string, Trainable>;
}

const rowsPerStatement = 500;

/** Fills a study that nobody sees yet with what an archive has of it. */
export class StudyImporter {
  readonly #parts: ImportParts;
  readonly #zip: ZipReader;
  readonly #studyId: number;
  /** By trial number. */
  readonly #ids: number[] = [];
  readonly #attempts: number[] = [];

  constructor(parts: ImportParts, zip: ZipReader, studyId: number) {
    this.#parts = parts;
    this.#zip = zip;
    this.#studyId = studyId;
  }

  /** @returns how many there are */
  async addTrials(): Promise<number> {
    for await (const trials of inGroups(this.#zip.rows('records/trials.ndjson', trialRow))) {
      for (const { number, attempt } of trials) {
        if (number !== this.#attempts.length) {
          throw InputError.at(
            'records/trials.ndjson',
            `has trial ${number} where ${this.#attempts.length} must be.`,
          );
        }
        this.#attempts.push(attempt);
      }
      const rows = trials.map(({ number, params, attempt }) => ({ number, params, attempt }));
      this.#ids.push(...(await this.#parts.archive.addTrials(this.#studyId, rows)));
    }
    return this.#ids.length;
  }

  async addPoints(): Promise<void> {
    const batches = new PointBatches((number, series) => this.#report(number, series));
    for await (const { trial, name, step, value, time } of this.#points()) {
      this.#idOf(trial);
      await batches.add(trial, name, step, Number(value), Number(time));
    }
    await batches.flush();
  }

  async addLogs(): Promise<void> {
    for await (const { trial, ...log } of this.#zip.rows('records/log.ndjson', logRow)) {
      if (log.times.length !== log.lines.length) {
        throw InputError.at('records/log.ndjson', 'has lines and times of different numbers.');
      }
      await this.#parts.archive.addLog(this.#idOf(trial), log);
    }
  }

  async addArtifacts(): Promise<void> {
    for await (const artifact of this.#zip.rows('records/artifacts.ndjson', artifactRow)) {
      const fault = artifactNameFault(artifact.name);
      if (fault !== null) throw InputError.at('records/artifacts.ndjson', `a name ${fault}`);
      await this.#addArtifact(this.#idOf(artifact.trial), artifact);
    }
  }

  async #addArtifact(
    trialId: number,
    {
      name,
      sha256,
      contentType,
      createdAt,
    }: { name: string; sha256: string; contentType: string; createdAt: string },
  ): Promise<void> {
    const { files, artifacts, database } = this.#parts;
    const content: Readable = await this.#zip.stream(`files/${sha256}`);
    await files.staging.with(content, files.maxBytes, async (file) => {
      if (file.sha256 !== sha256) throw InputError.at(`files/${sha256}`, 'is not what its name says.');
      const artifact = { trialId, name, sha256, contentType, createdAt: new Date(createdAt) };
      await artifacts.keepFor(file, () =>
        withTransaction(database.pool, (client) => artifacts.save(client, artifact)),
      );
    });
  }

  /** @returns the number of the last one */
  async addEvents(): Promise<number> {
    let last = 0;
    for await (const events of inGroups(this.#zip.rows('records/events.ndjson', eventRow))) {
      const rows = events.map(({ sequence, kind, at, trial, change }) => {
        if (last !== 0 && sequence !== last + 1) {
          throw InputError.at('records/events.ndjson', `has event ${sequence} where ${last + 1} must be.`);
        }
        last = sequence;
        return { sequence, kind, at, change, trial_id: trial === null ? null : this.#idOf(trial) };
      });
      await this.#parts.archive.addEvents(this.#studyId, rows);
    }
    return last;
  }

  async settleTrials(): Promise<void> {
    for await (const trials of inGroups(this.#zip.rows('records/trials.ndjson', trialRow))) {
      const rows = trials.map(({ retryOf, ...trial }) =>
        toTrialRow({
          ...trial,
          id: this.#idOf(trial.number),
          retryOf: retryOf === null ? null : this.#idOf(retryOf),
          leaseUntil: null,
        } as never),
      );
      await this.#parts.archive.settleTrials(rows);
    }
  }

  async *#points() {
    if (!this.#zip.has('points.csv') && !this.#zip.has('points.ndjson')) {
      const has = this.#zip.has('points.parquet') ? 'only points.parquet' : 'no points';
      throw InputError.at(
        'archive',
        `has ${has}; export the study with --format csv or ndjson to import it.`,
      );
    }
    if (this.#zip.has('points.ndjson')) {
      yield* this.#zip.rows('points.ndjson', pointRow);
      return;
    }
    let number = 0;
    for await (const [trial, name, step, value, time] of readCsv(this.#zip.text('points.csv'))) {
      number += 1;
      if (number === 1) continue;
      const point = { trial: Number(trial), name, step: Number(step), value, time };
      const path = `points.csv:${number}`;
      yield checkRow({ ...point, value: csvNumber(value), time: csvNumber(time) }, pointRow, path);
    }
  }

  async #report(number: number, series: readonly NamedPoints[]): Promise<void> {
    const { outcome } = await this.#parts.metrics.append({
      studyId: this.#studyId,
      trialId: this.#idOf(number),
      attempt: this.#attempts[number]!,
      batch: null,
      series,
    });
    if (outcome === 'refused') throw new Error('The import was given up: it took too long.');
  }

  #idOf(number: number): number {
    const id = this.#ids[number];
    if (id === undefined)
      throw InputError.at('archive', `speaks of trial ${number}, which it does not have.`);
    return id;
  }
}

/** What JSON cannot hold stays a text, as in the other form. */
function csvNumber(cell: string | undefined): number | string | undefined {
  const value = Number(cell);
  return cell === undefined || cell === '' || Object.is(value, -0) || !Number.isFinite(value) ? cell : value;
}

async function* inGroups<T>(rows: AsyncIterable<T>): AsyncGenerator<readonly T[], void> {
  let group: T[] = [];
  for await (const row of rows) {
    group.push(row);
    if (group.length < rowsPerStatement) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
