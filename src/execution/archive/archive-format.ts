import * as z from 'zod';
import { trialStates } from '../../core/trial.ts';

/**
 * What an archive of a study holds: tables for people and their tools, and records from which the study is made again.
 *
 * ```
 * study.json                settings and state
 * trials.csv | .parquet     one row a trial
 * points.csv | .ndjson | .parquet
 *                           one row a point of a metric
 * records/trials.ndjson     all of each trial, by number
 * records/events.ndjson     the event log
 * records/log.ndjson        log lines
 * records/artifacts.ndjson  the files of trials
 * files/<sha256>            their contents
 * ```
 */
export const archiveFormat = 'trialgraph-study';
export const archiveVersion = 1;

/** The form of the tables; `ndjson` has the trials as CSV. */
export const tableFormats = ['csv', 'ndjson', 'parquet'] as const;
export type TableFormat = (typeof tableFormats)[number];

const nullable = <T extends z.ZodType>(type: T) => z.union([type, z.null()]);
const text = z.string();
const time = z.iso.datetime();
const count = z.int32().min(0);
const number = z.number();
const digest = z.string().regex(/^[0-9a-f]{64}$/);

export const studyRow = z.object({
  format: z.literal(archiveFormat),
  version: z.literal(archiveVersion),
  study: z.object({
    name: text,
    project: text,
    description: nullable(text),
    state: z.enum(['CREATED', 'RUNNING', 'PAUSED', 'FINISHED']),
    stopReason: nullable(text),
    trainable: nullable(text),
    trainableOptions: z.unknown(),
    objectives: z.unknown(),
    constraints: z.unknown(),
    /** Archives of before there were scalarisations have none. */
    scalarisation: z.unknown().optional(),
    searchSpace: z.unknown(),
    sampler: z.unknown(),
    pruner: z.unknown(),
    stopRules: z.unknown(),
    maxConcurrentTrials: nullable(count),
    /** Absent in archives of before there were any. */
    priority: z.int32().default(0),
    isolation: nullable(z.enum(['thread', 'process'])).default(null),
    trialTimeoutSeconds: nullable(number).default(null),
    retries: z.unknown().optional(),
    tags: z.array(text),
    seed: z.int32(),
    trialBudget: nullable(count),
    createdAt: time,
    updatedAt: time,
    startedAt: nullable(time),
    finishedAt: nullable(time),
  }),
});

export const trialRow = z.object({
  number: count,
  state: z.enum(trialStates as readonly [string, ...string[]]),
  params: z.record(text, z.union([text, number, z.boolean(), z.null()])),
  values: nullable(z.record(text, number)),
  feasible: nullable(z.boolean()),
  attempt: count,
  worker: nullable(text),
  leaseMs: nullable(count),
  device: nullable(text),
  backend: nullable(text),
  error: nullable(text),
  pruneReason: nullable(text),
  /** Absent in archives of before there were any. */
  promotions: count.default(0),
  held: z.boolean().default(false),
  failures: count.default(0),
  retryAt: nullable(time).default(null),
  timeoutAt: nullable(time).default(null),
  totalSteps: nullable(z.int32()),
  predictedBytes: nullable(number),
  peakBytes: nullable(number),
  /** A trial's number. */
  retryOf: nullable(count),
  /** Absent in archives of before there were any, as are tags. */
  notes: nullable(text).default(null),
  tags: z.array(text).default([]),
  queuedAt: time,
  startedAt: nullable(time),
  finishedAt: nullable(time),
});

export const eventRow = z.object({
  sequence: z.int32().min(1),
  kind: text,
  at: time,
  trial: nullable(count),
  change: z.record(text, z.unknown()),
});

export const logRow = z.object({
  trial: count,
  attempt: count,
  times: z.array(number),
  lines: z.array(text).min(1),
});

export const artifactRow = z.object({
  trial: count,
  name: text,
  sha256: digest,
  contentType: text,
  createdAt: time,
});

/** NaN, infinities and -0, which JSON has not, are texts. */
export const pointRow = z.object({
  trial: count,
  name: text,
  step: z.int32(),
  value: z.union([number, z.enum(['NaN', 'Infinity', '-Infinity', '-0'])]),
  time: z.union([number, z.enum(['NaN', 'Infinity', '-Infinity', '-0'])]),
});

/** A number of a point in JSON. */
export function jsonNumber(value: number): string {
  if (Object.is(value, -0)) return '"-0"';
  return Number.isFinite(value) ? String(value) : `"${value}"`;
}
