import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { ArtifactStore } from '../../storage/artifacts/artifact-store.ts';
import type { MetricStore } from '../../storage/metric-store.ts';
import type { StudyRecord, TrialRecord } from '../../storage/records.ts';
import type { StudyArchive } from '../../storage/study-archive.ts';
import type { StudyStore } from '../../storage/study-store.ts';
import type { TrialStore } from '../../storage/trial-store.ts';
import { archiveFormat, archiveVersion, type TableFormat } from './archive-format.ts';
import { parquetFile } from './parquet.ts';
import {
  pointColumns,
  pointsAsColumns,
  pointsAsCsv,
  pointsAsNdjson,
  pointsOf,
  trialColumns,
  trialsAsColumns,
  trialsAsCsv,
} from './tables.ts';
import { trialPages } from './trial-pages.ts';

export interface ArchiveParts {
  readonly studies: StudyStore;
  readonly trials: TrialStore;
  readonly metrics: MetricStore;
  readonly artifacts: ArtifactStore;
  readonly archive: StudyArchive;
}

type Content = AsyncIterable<string | Buffer>;

const eventsPerPage = 1000;

/**
 * A study as a zip file that is made while it is read: memory does not grow with the study. Of a study that goes on
 * meanwhile, each trial is as it was when its turn came.
 * @throws CallerError NOT_FOUND
 */
export async function exportStudy(
  parts: ArchiveParts,
  studyId: number,
  format: TableFormat,
): Promise<Readable> {
  const study = await parts.studies.get(studyId);
  const pages = () => trialPages(parts.trials, studyId);
  const columns = trialColumns(study);
  const points = () => pointsOf(parts.metrics, pages());

  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  let current: Readable | null = null;
  const add = (name: string, open: () => Content | Promise<Readable>, compress = true): void => {
    zip.addReadStreamLazy(name, { compress }, (deliver) => {
      Promise.resolve(open()).then(
        (content) => {
          current = content instanceof Readable ? content : Readable.from(content, { objectMode: false });
          current.once('error', (error) => output.destroy(error));
          deliver(null, current);
        },
        (error) => output.destroy(error),
      );
    });
  };
  output.once('close', () => current?.destroy());

  add('study.json', () => one(JSON.stringify(studyJson(study), null, 2)));
  if (format === 'parquet') {
    add('trials.parquet', () => parquetFile(columns, trialsAsColumns(columns, pages())), false);
    add('points.parquet', () => parquetFile(pointColumns, pointsAsColumns(points())), false);
  } else {
    add('trials.csv', () => trialsAsCsv(columns, pages()));
    if (format === 'csv') add('points.csv', () => pointsAsCsv(points()));
    else add('points.ndjson', () => pointsAsNdjson(points()));
  }
  add('records/trials.ndjson', () => trialLines(parts.trials, pages()));
  add('records/events.ndjson', () => eventLines(parts.archive, study));
  add('records/log.ndjson', () => logLines(parts.archive, pages()));
  add('records/artifacts.ndjson', () => artifactLines(parts.artifacts, pages()));
  // What else is in the archive is known only when the artifacts are read.
  const files = new Set<string>();
  for await (const page of pages()) {
    for (const artifact of [...(await parts.artifacts.list(page.map((trial) => trial.id))).values()].flat()) {
      if (files.has(artifact.sha256)) continue;
      files.add(artifact.sha256);
      add(`files/${artifact.sha256}`, () => parts.artifacts.blobs.open(artifact.sha256), false);
    }
  }
  zip.end();
  return output;
}

async function* one(text: string): AsyncGenerator<string, void> {
  yield text;
}

function studyJson({ id: _, trialCount: __, lastEvent: ___, ...study }: StudyRecord) {
  return { format: archiveFormat, version: archiveVersion, study };
}

async function* trialLines(
  trials: TrialStore,
  pages: AsyncIterable<readonly TrialRecord[]>,
): AsyncGenerator<string, void> {
  for await (const page of pages) {
    const repeated = await trials.findMany(
      page.flatMap(({ retryOf }) => (retryOf === null ? [] : [retryOf])),
    );
    const numbers = new Map(repeated.map((trial) => [trial?.id, trial?.number]));
    yield lines(
      page.map(({ id: _, studyId: __, leaseUntil: ___, retryOf, ...trial }) => ({
        ...trial,
        retryOf: retryOf === null ? null : (numbers.get(retryOf) ?? null),
      })),
    );
  }
}

async function* eventLines(archive: StudyArchive, study: StudyRecord): AsyncGenerator<string, void> {
  for (let after = 0; ; ) {
    const events = await archive.events(study.id, after, study.lastEvent, eventsPerPage);
    const last = events.at(-1);
    if (last === undefined) return;
    yield lines(events);
    after = last.sequence;
  }
}

async function* logLines(
  archive: StudyArchive,
  pages: AsyncIterable<readonly TrialRecord[]>,
): AsyncGenerator<string, void> {
  for await (const page of pages) {
    // Few at once: a log may be long.
    for (let i = 0; i < page.length; i += 20) {
      yield lines(await archive.logs(page.slice(i, i + 20).map((trial) => trial.id)));
    }
  }
}

async function* artifactLines(
  artifacts: ArtifactStore,
  pages: AsyncIterable<readonly TrialRecord[]>,
): AsyncGenerator<string, void> {
  for await (const page of pages) {
    const numbers = new Map(page.map((trial) => [trial.id, trial.number]));
    const found = [...(await artifacts.list([...numbers.keys()])).values()].flat();
    yield lines(
      found.map(({ trialId, name, sha256, contentType, createdAt }) => ({
        trial: numbers.get(trialId)!,
        name,
        sha256,
        contentType,
        createdAt,
      })),
    );
  }
}

function lines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}
