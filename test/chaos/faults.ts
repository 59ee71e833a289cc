import { setTimeout as sleep } from 'node:timers/promises';
import { type Random, shuffle } from '../../src/core/random.ts';
import type { Arena } from './arena.ts';
import { pauseStudy, pauseTrial } from './pauses.ts';
import type { Workers } from './workers.ts';

/** What faults are inflicted on. */
export interface Targets {
  readonly arena: Arena;
  readonly workers: Workers;
  /** How long a worker must be frozen to lose its trials. */
  readonly leaseMs: number;
  /** What a fault leaves to be ended later, so that others come meanwhile. */
  readonly later: (work: Promise<void>) => void;
}

export interface Fault {
  readonly name: string;
  /** How many of a hundred faults are such. */
  readonly share: number;
  /** @returns whether there was anything to inflict it on */
  inflict(targets: Targets, random: Random): Promise<boolean>;
}

/** Faults from outside, and pauses, which users make at any moment. Those in the code of trials and in the network of workers come by themselves meanwhile. */
export const faults: readonly Fault[] = [
  {
    name: 'server killed',
    share: 3,
    inflict: async ({ arena }) => {
      await arena.restart((server) => server.kill());
      return true;
    },
  },
  {
    name: 'server and PostgreSQL killed',
    share: 2,
    inflict: async ({ arena }) => {
      const postmaster = await arena.postmasterPid();
      await arena.restart((server) => {
        kill(postmaster);
        return server.kill();
      });
      return true;
    },
  },
  {
    name: 'server stopped and started',
    share: 1,
    inflict: async ({ arena }) => {
      await arena.restart(async (server) => {
        const code = await server.stop();
        if (code !== 0) throw new Error(`The server that was stopped ended with ${code}.`);
      });
      return true;
    },
  },
  {
    name: 'PostgreSQL killed',
    share: 2,
    inflict: async ({ arena }) => kill(await arena.postmasterPid()),
  },
  {
    name: 'backend of PostgreSQL killed',
    share: 2,
    inflict: ({ arena }, random) =>
      arena.sql(async (client) => {
        const { rows } = await client.query<{ pid: number }>(otherBackends);
        return rows.length > 0 && kill(rows[random.integer(rows.length)]!.pid);
      }),
  },
  {
    name: 'connection of PostgreSQL ended',
    share: 6,
    inflict: ({ arena }, random) =>
      arena.sql(async (client) => {
        const { rows } = await client.query<{ pid: number }>(otherBackends);
        if (rows.length === 0) return false;
        const { pid } = rows[random.integer(rows.length)]!;
        await client.query('SELECT pg_terminate_backend($1)', [pid]);
        return true;
      }),
  },
  {
    name: 'disk full',
    share: 3,
    inflict: async ({ arena: { disk }, later }, random) => {
      if (!disk.isMounted) return false;
      await disk.fill();
      later(sleep(200 + random.integer(800)).then(() => disk.free()));
      return true;
    },
  },
  {
    name: 'directory of files unusable',
    share: 1,
    inflict: async ({ arena: { disk } }, random) => {
      disk.block();
      await sleep(100 + random.integer(400));
      disk.unblock();
      return true;
    },
  },
  {
    name: 'process of a trial killed',
    share: 4,
    inflict: async ({ arena }, random) => {
      const pids = await arena.trialProcesses();
      return pids.length > 0 && kill(pids[random.integer(pids.length)]!);
    },
  },
  { name: 'worker killed', share: 3, inflict: async ({ workers }) => workers.killOne() },
  {
    name: 'worker frozen past its lease',
    share: 3,
    inflict: async ({ workers, leaseMs, later }, random) => {
      const thaw = workers.freezeOne();
      if (thaw === null) return false;
      later(sleep(leaseMs + 1200 + random.integer(1500)).then(thaw));
      return true;
    },
  },
  {
    name: 'connection of a client broken',
    share: 9,
    inflict: async ({ arena }, random) => arena.proxy.cut(random.uniform()),
  },
  {
    name: 'trial paused',
    share: 9,
    inflict: async ({ arena, later }, random) => {
      const resume = await pauseTrial(arena, random);
      if (resume === null) return false;
      later(sleep(random.integer(2000)).then(resume));
      return true;
    },
  },
  {
    name: 'study paused',
    share: 3,
    inflict: async ({ arena, later }, random) => {
      const resume = await pauseStudy(arena, random);
      if (resume === null) return false;
      later(sleep(random.integer(1500)).then(resume));
      return true;
    },
  },
];

const otherBackends = `
  SELECT pid FROM pg_stat_activity
  WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY pid`;

/** The faults of a run of so many, in an order of the stream. */
export function planFaults(total: number, random: Random): Fault[] {
  return shuffle(
    faults.flatMap((fault) => Array<Fault>(Math.ceil((fault.share * total) / 100)).fill(fault)),
    random,
  );
}

/** @returns false where it has just ended by itself */
function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
