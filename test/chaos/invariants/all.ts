import type { Aftermath } from '../aftermath.ts';
import { lostAcknowledgements } from './acknowledged.ts';
import { faultyEndings } from './endings.ts';
import { brokenEventLog } from './event-log.ts';
import { staleWrites } from './fencing.ts';
import { brokenFiles } from './files.ts';
import { missedByFollowers } from './followers.ts';
import { orphanRows } from './tables.ts';

/** What must hold whatever was done to the server: each gives what breaks it, in words. */
export const invariants: Readonly<Record<string, (aftermath: Aftermath) => string[] | Promise<string[]>>> = {
  faultyEndings,
  lostAcknowledgements,
  missedByFollowers,
  staleWrites,
  brokenEventLog,
  orphanRows,
  brokenFiles,
};
