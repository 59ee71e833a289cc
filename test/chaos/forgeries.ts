import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Aftermath } from './aftermath.ts';

/** Ways to spoil what is left of a run, each one that another invariant must see. */
export const forgeries: Readonly<Record<string, (aftermath: Aftermath) => Promise<Aftermath>>> = {
  faultyEndings: async (aftermath) =>
    inStudies(aftermath, (ended) => ({
      ...ended,
      trials: ended.trials.map((trial) => ({ ...trial, state: 'RUNNING' as const })),
    })),
  lostAcknowledgements: async (aftermath) => ({
    ...aftermath,
    entries: [
      ...aftermath.entries,
      ...[1, 2].map((step) => ({ kind: 'reported' as const, trial: 'trial-1', attempt: 1000, step })),
    ],
  }),
  missedByFollowers: async (aftermath) =>
    inStudies(aftermath, (ended) => ({ ...ended, written: ended.written.slice(1) })),
  staleWrites: async (aftermath) =>
    inStudies(aftermath, (ended) => ({ ...ended, written: [...ended.written].reverse() })),
  brokenEventLog: (aftermath) => inTables(aftermath, "DELETE FROM study_event WHERE kind = 'STUDY_FINISHED'"),
  orphanRows: (aftermath) => inTables(aftermath, 'UPDATE study SET trial_count = trial_count + 1'),
  brokenFiles: async (aftermath) => {
    await writeFile(join(aftermath.arena.disk.directory, 'stray'), 'nobody knows it');
    return aftermath;
  },
};

function inStudies(
  aftermath: Aftermath,
  forge: (ended: Aftermath['studies'][number]) => Aftermath['studies'][number],
): Aftermath {
  return { ...aftermath, studies: aftermath.studies.map(forge) };
}

async function inTables(aftermath: Aftermath, statement: string): Promise<Aftermath> {
  await aftermath.arena.sql((client) => client.query(statement));
  return aftermath;
}
