import { parseSearchSpace } from '../../core/search-space/parse-search-space.ts';
import type { MetricStore, NamedPoints } from '../../storage/metric-store.ts';
import type { StudyRecord, TrialRecord } from '../../storage/records.ts';
import { jsonNumber } from './archive-format.ts';
import { csvRow } from './csv.ts';
import type { ParquetColumn } from './parquet.ts';

interface TrialColumn extends ParquetColumn {
  read(trial: TrialRecord): unknown;
}

/** The columns of the table of trials: `params.*` and `values.*` are one for each parameter and metric. */
export function trialColumns({ searchSpace, objectives, constraints }: StudyRecord): readonly TrialColumn[] {
  const metrics = new Set([...objectives, ...constraints].map((entry) => entry.metric));
  return [
    { name: 'number', type: 'INT32', read: (trial) => trial.number },
    { name: 'state', type: 'STRING', read: (trial) => trial.state },
    ...parseSearchSpace(searchSpace).parameters.map(({ name, type }): TrialColumn => {
      const isNumber = type === 'float' || type === 'int';
      return {
        name: `params.${name}`,
        type: isNumber ? 'DOUBLE' : 'STRING',
        read: ({ params }) => (isNumber ? asNumber(params[name]) : asText(params[name])),
      };
    }),
    ...Array.from(
      metrics,
      (metric): TrialColumn => ({
        name: `values.${metric}`,
        type: 'DOUBLE',
        read: ({ values }) => values?.[metric] ?? null,
      }),
    ),
    { name: 'feasible', type: 'BOOLEAN', read: (trial) => trial.feasible },
    { name: 'attempt', type: 'INT32', read: (trial) => trial.attempt },
    { name: 'worker', type: 'STRING', read: (trial) => trial.worker },
    { name: 'device', type: 'STRING', read: (trial) => trial.device },
    { name: 'backend', type: 'STRING', read: (trial) => trial.backend },
    { name: 'error', type: 'STRING', read: (trial) => trial.error },
    { name: 'pruneReason', type: 'STRING', read: (trial) => trial.pruneReason },
    { name: 'tags', type: 'STRING', read: ({ tags }) => (tags.length > 0 ? tags.join(', ') : null) },
    { name: 'notes', type: 'STRING', read: (trial) => trial.notes },
    { name: 'queuedAt', type: 'TIMESTAMP', read: (trial) => trial.queuedAt },
    { name: 'startedAt', type: 'TIMESTAMP', read: (trial) => trial.startedAt },
    { name: 'finishedAt', type: 'TIMESTAMP', read: (trial) => trial.finishedAt },
  ];
}

const asNumber = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const asText = (value: unknown): string | null => (value == null ? null : String(value));

export async function* trialsAsCsv(
  columns: readonly TrialColumn[],
  pages: AsyncIterable<readonly TrialRecord[]>,
): AsyncGenerator<string, void> {
  yield csvRow(columns.map((column) => column.name));
  for await (const page of pages) {
    yield page.map((trial) => csvRow(columns.map((column) => column.read(trial)))).join('');
  }
}

export async function* trialsAsColumns(
  columns: readonly TrialColumn[],
  pages: AsyncIterable<readonly TrialRecord[]>,
): AsyncGenerator<unknown[][], void> {
  for await (const page of pages) yield columns.map((column) => page.map((trial) => column.read(trial)));
}

export const pointColumns: readonly ParquetColumn[] = [
  { name: 'trial', type: 'INT32' },
  { name: 'name', type: 'STRING' },
  { name: 'step', type: 'INT32' },
  { name: 'value', type: 'DOUBLE' },
  { name: 'time', type: 'DOUBLE' },
];

/** Points of one series, with the number of its trial. */
export interface TrialPoints extends NamedPoints {
  readonly trial: number;
}

/** A piece of text, and a row group of Parquet. */
const pointsPerPiece = 2000;
const pointsPerGroup = 50_000;
/** Trials are read together up to so many points; one that has more is read alone. */
const pointsPerRead = 50_000;

/** All points of trials, by trial, name and step. */
export async function* pointsOf(
  metrics: MetricStore,
  pages: AsyncIterable<readonly TrialRecord[]>,
): AsyncGenerator<TrialPoints, void> {
  for await (const page of pages) {
    const summaries = await metrics.summaries(page.map((trial) => trial.id));
    let group: TrialRecord[] = [];
    let size = 0;
    for (const trial of page) {
      const points = summaries.get(trial.id)!.reduce((sum, series) => sum + series.count, 0);
      if (points === 0) continue;
      if (size > 0 && size + points > pointsPerRead) {
        yield* readGroup(metrics, group);
        group = [];
        size = 0;
      }
      group.push(trial);
      size += points;
    }
    yield* readGroup(metrics, group);
  }
}

async function* readGroup(
  metrics: MetricStore,
  trials: readonly TrialRecord[],
): AsyncGenerator<TrialPoints, void> {
  if (trials.length === 0) return;
  const series = await metrics.read(
    trials.map((trial) => trial.id),
    {},
  );
  for (const { id, number } of trials) {
    for (const points of series.get(id)!) yield { trial: number, ...points };
  }
}

export async function* pointsAsCsv(series: AsyncIterable<TrialPoints>): AsyncGenerator<string, void> {
  yield csvRow(pointColumns.map((column) => column.name));
  for await (const piece of pieces(series, pointsPerPiece)) {
    const start = csvRow([piece.trial, piece.name]).trimEnd();
    let text = '';
    for (let i = 0; i < piece.steps.length; i++) {
      text += `${start},${csvRow([piece.steps[i], piece.values[i], piece.times[i]])}`;
    }
    yield text;
  }
}

export async function* pointsAsNdjson(series: AsyncIterable<TrialPoints>): AsyncGenerator<string, void> {
  for await (const { trial, name, steps, values, times } of pieces(series, pointsPerPiece)) {
    const start = `{"trial":${trial},"name":${JSON.stringify(name)},"step":`;
    let text = '';
    for (let i = 0; i < steps.length; i++) {
      text += `${start}${steps[i]},"value":${jsonNumber(values[i]!)},"time":${jsonNumber(times[i]!)}}\n`;
    }
    yield text;
  }
}

export async function* pointsAsColumns(
  series: AsyncIterable<TrialPoints>,
): AsyncGenerator<ArrayLike<unknown>[], void> {
  let group: unknown[][] = pointColumns.map(() => []);
  for await (const piece of pieces(series, pointsPerPiece)) {
    for (let i = 0; i < piece.steps.length; i++) {
      const row = [piece.trial, piece.name, piece.steps[i], piece.values[i], piece.times[i]];
      row.forEach((value, column) => {
        group[column]!.push(value);
      });
    }
    if (group[0]!.length < pointsPerGroup) continue;
    yield group;
    group = pointColumns.map(() => []);
  }
  yield group;
}

async function* pieces(
  series: AsyncIterable<TrialPoints>,
  length: number,
): AsyncGenerator<TrialPoints, void> {
  for await (const points of series) {
    for (let start = 0; start < points.steps.length; start += length) {
      const end = start + length;
      yield {
        ...points,
        steps: points.steps.subarray(start, end),
        values: points.values.subarray(start, end),
        times: points.times.subarray(start, end),
      };
    }
  }
}
