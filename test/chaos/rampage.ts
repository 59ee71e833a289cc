import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../src/core/random.ts';
import { type Aftermath, readAftermath } from './aftermath.ts';
import type { Arena } from './arena.ts';
import { planFaults, type Targets } from './faults.ts';
import { countFaults, entriesOf, readLedgers } from './ledger.ts';
import { type Lane, runLane } from './study-lane.ts';
import { insideRounds, outsideRounds, processRounds } from './study-rounds.ts';
import { Workers } from './workers.ts';

const leaseSeconds = 2;
const outsideProject = 'outside';

export interface RampageOptions {
  readonly seed: number;
  /** How many faults at least. */
  readonly faults: number;
}

/**
 * Runs studies one after the other in several lanes, inflicts faults on all that takes part until there are enough, and
 * lets the studies that run then come to their end. The code of trials and the network of clients have faults of their
 * own, which are counted with the others.
 */
export async function rampage(arena: Arena, { seed, faults }: RampageOptions): Promise<Aftermath> {
  const random = createRandom(seed);
  const settings = {
    url: arena.proxy.url,
    project: outsideProject,
    leaseSeconds,
    ledgers: arena.ledgers,
  };
  const workers = new Workers(settings, createRandom(seed, 1), 3);
  try {
    let isOver = false;
    const lanes: Lane[] = [
      { name: 'threads', project: 'inside', rounds: insideRounds(arena.ledgers, seed) },
      { name: 'more threads', project: 'inside', rounds: insideRounds(arena.ledgers, seed + 1).reverse() },
      { name: 'processes', project: 'inside', rounds: processRounds(arena.ledgers, seed) },
      { name: 'workers', project: outsideProject, rounds: outsideRounds(seed) },
    ];
    const running = Promise.all(lanes.map((lane) => runLane(arena.client, lane, () => isOver)));
    const laterWork: Promise<void>[] = [];
    const targets: Targets = {
      arena,
      workers,
      leaseMs: leaseSeconds * 1000,
      later: (work) => laterWork.push(work),
    };
    const inflicting = (async () => {
      for (const fault of planFaults(faults, random)) {
        await sleep(50 + random.integer(300));
        await untilWorkGoesOn(arena);
        if (await fault.inflict(targets, random)) arena.ledger.write({ kind: 'fault', fault: fault.name });
      }
      while (sum(countFaults(readLedgers(arena.ledgers))) < faults) await sleep(100);
      await Promise.all(laterWork);
      isOver = true;
    })();
    // A lane that fails ends the test at once.
    const [finished] = await Promise.race([Promise.all([running, inflicting]), arena.collapse]);
    await workers.finish();
    if (workers.faults.length > 0) throw new Error(workers.faults.join('\n'));
    return await readAftermath(arena, finished.flat());
  } finally {
    workers.kill();
  }
}

/** A fault that meets nothing under way tests little. On a slow machine work comes late, and is not waited for for ever. */
async function untilWorkGoesOn(arena: Arena): Promise<void> {
  const countReports = () => entriesOf(readLedgers(arena.ledgers), 'reported').length;
  const before = countReports();
  for (let waits = 0; waits < 200 && countReports() === before; waits++) await sleep(100);
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}
