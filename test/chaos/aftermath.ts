import { setTimeout as sleep } from 'node:timers/promises';
import type { NewPoints, TrialData } from '../../src/client/index.ts';
import type { Arena } from './arena.ts';
import { type Entry, readLedgers } from './ledger.ts';
import type { FinishedStudy } from './study-lane.ts';

/** What is left when all studies have ended: what the server has, and what its clients wrote down. */
export interface Aftermath {
  readonly arena: Arena;
  readonly entries: readonly Entry[];
  readonly studies: readonly EndedStudy[];
}

export interface EndedStudy extends FinishedStudy {
  readonly trials: readonly TrialData[];
  /** All points that are stored, overwritten ones too, in the order of their commits. */
  readonly written: readonly WrittenPoint[];
}

export interface WrittenPoint {
  readonly trial: string;
  readonly name: string;
  readonly step: number;
  readonly value: number;
}

export async function readAftermath(arena: Arena, finished: readonly FinishedStudy[]): Promise<Aftermath> {
  await untilTidy(arena);
  const studies: EndedStudy[] = [];
  for (const ended of finished) {
    const { study, watch } = ended;
    const clocks = await arena.sql(async (client) => {
      const { rows } = await client.query<{ lastEvent: number; lastCommit: number }>(
        `SELECT last_event AS "lastEvent", last_commit AS "lastCommit"
         FROM study JOIN metric_clock ON study_id = id WHERE id = $1`,
        [idOf(study.id)],
      );
      return rows[0]!;
    });
    await watch.finish(clocks.lastEvent, clocks.lastCommit);
    const trials: TrialData[] = [];
    for await (const trial of study.trials()) trials.push(trial.data);
    const written = await readPoints(ended, clocks.lastCommit);
    studies.push({ ...ended, trials, written });
  }
  return { arena, entries: readLedgers(arena.ledgers), studies };
}

/** Checkpoints of trials that have ended are deleted later, each with an event: at the next start at the latest. */
async function untilTidy(arena: Arena): Promise<void> {
  await arena.restart((server) => server.stop());
  const countCheckpoints = () =>
    arena.sql(async (client) => {
      const { rows } = await client.query<{ count: number }>(
        "SELECT count(*)::integer AS count FROM artifact WHERE name = 'checkpoint'",
      );
      return rows[0]!.count;
    });
  while ((await countCheckpoints()) > 0) await sleep(100);
}

/** Reads a study's points anew, as a client would that has seen nothing yet. */
async function readPoints({ study }: FinishedStudy, lastCommit: number): Promise<WrittenPoint[]> {
  const points: NewPoints[] = [];
  if (lastCommit === 0) return [];
  for await (const { cursor, series } of study.metrics({ after: '0' })) {
    points.push(...series);
    if (Number(cursor.split(':')[1]) >= lastCommit) break;
  }
  return flatPoints(points);
}

export function flatPoints(series: readonly NewPoints[]): WrittenPoint[] {
  return series.flatMap(({ trial, name, steps, values }) =>
    Array.from(steps, (step, i) => ({ trial, name, step, value: values[i]! })),
  );
}

/** The number in a global id such as `trial-7`. */
export function idOf(globalId: string): number {
  return Number(globalId.slice(globalId.lastIndexOf('-') + 1));
}

export function groupBy<T, Key>(items: readonly T[], keyOf: (item: T) => Key): Map<Key, T[]> {
  const groups = new Map<Key, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

export function isCancelled({ studies }: Aftermath, trialId: string): boolean {
  return studies.some(({ trials }) =>
    trials.some(({ id, state }) => id === trialId && state === 'CANCELLED'),
  );
}
