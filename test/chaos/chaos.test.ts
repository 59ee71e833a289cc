import { expect, test } from 'vitest';
import type { Aftermath } from './aftermath.ts';
import { Arena } from './arena.ts';
import { forgeries } from './forgeries.ts';
import { invariants } from './invariants/all.ts';
import { countFaults, entriesOf } from './ledger.ts';
import { rampage } from './rampage.ts';

const seed = Number(process.env.TRIALGRAPH_CHAOS_SEED ?? 20_260_101);
const faults = Number(process.env.TRIALGRAPH_CHAOS_FAULTS ?? 100);
const longestMs = 1_200_000;

test(
  `after ${faults} random faults nothing is lost, and every study comes to its end`,
  async () => {
    console.log(
      `chaos: ${faults} faults by the seed ${seed} (TRIALGRAPH_CHAOS_FAULTS, TRIALGRAPH_CHAOS_SEED)`,
    );
    const arena = await Arena.open();
    if (!arena.disk.isMounted) {
      console.warn('chaos: no disk is filled, since none can be mounted here; run as root on Linux for that');
    }
    let isSound = false;
    try {
      const startedAt = Date.now();
      const aftermath = await rampage(arena, { seed, faults });
      console.log(summary(aftermath, Date.now() - startedAt));
      const broken = await Promise.all(
        Object.entries(invariants).map(async ([name, check]) => [
          name,
          (await check(aftermath)).slice(0, 20),
        ]),
      );
      expect(Object.fromEntries(broken)).toEqual(
        Object.fromEntries(Object.keys(invariants).map((name) => [name, []])),
      );
      // What the faults were made for has happened.
      for (const kind of ['refused', 'restored'] as const) {
        expect([kind, entriesOf(aftermath.entries, kind).length]).toEqual([
          kind,
          expect.toSatisfy(isPositive),
        ]);
      }
      for (const [name, forge] of Object.entries(forgeries)) {
        expect([name, (await invariants[name]!(await forge(aftermath))).length]).toEqual([
          name,
          expect.toSatisfy(isPositive),
        ]);
      }
      expect(await arena.stop()).toBe(0);
      isSound = true;
    } finally {
      if (!isSound) console.error(`chaos: what is left of it is in ${arena.directory}`);
      await arena.close({ keep: !isSound });
    }
  },
  longestMs,
);

const isPositive = (count: number): boolean => count > 0;

function summary({ entries, studies }: Aftermath, ms: number): string {
  const counts = [...countFaults(entries)].sort(([, a], [, b]) => b - a);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const trials = studies.flatMap((ended) => ended.trials);
  const attempts = trials.reduce((sum, { attempt }) => sum + attempt, 0);
  const acknowledged = ['reported', 'logged', 'uploaded', 'saved', 'restored', 'told', 'refused'] as const;
  return [
    `chaos: ${total} faults in ${(ms / 1000).toFixed(0)} s`,
    ...counts.map(([fault, count]) => `  ${String(count).padStart(5)}  ${fault}`),
    `${studies.length} studies have ended, with ${trials.length} trials in ${attempts} attempts; by workers:`,
    ...acknowledged.map((kind) => `  ${String(entriesOf(entries, kind).length).padStart(5)}  ${kind}`),
  ].join('\n');
}
