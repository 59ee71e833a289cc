import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/core/json.ts';
import { LiveStudyView } from '../../../src/core/live-study-view.ts';
import type { PruneDecision } from '../../../src/core/pruners/pruner.ts';
import type { Objective } from '../../../src/core/study.ts';
import type { TrialState } from '../../../src/core/trial.ts';
import { decideOn, problemOf, prunerOf, put, type Row } from './pruned-study.ts';

interface Subject {
  readonly settings: JsonObject;
  readonly objectives: readonly Objective[];
  /** Looks at the order of values alone. */
  readonly ranks: boolean;
}

const one: Objective[] = [{ metric: 'a', direction: 'MAXIMIZE' }];
const two: Objective[] = [...one, { metric: 'b', direction: 'MINIMIZE' }];
const subjects: Record<string, Subject> = {
  median: { settings: { kind: 'median', startupTrials: 1 }, objectives: one, ranks: false },
  percentile: {
    settings: { kind: 'percentile', startupTrials: 2, percentile: 30, interval: 2 },
    objectives: one,
    ranks: false,
  },
  patient: { settings: { kind: 'patient', patience: 1 }, objectives: one, ranks: true },
  'patient with a median': {
    settings: { kind: 'patient', patience: 0, pruner: { kind: 'median', startupTrials: 1 } },
    objectives: one,
    ranks: false,
  },
  wilcoxon: { settings: { kind: 'wilcoxon', pThreshold: 0.3 }, objectives: one, ranks: false },
  asha: { settings: { kind: 'asha', reductionFactor: 2 }, objectives: one, ranks: true },
  'asha with promotion': {
    settings: { kind: 'asha', reductionFactor: 2, promotion: true },
    objectives: one,
    ranks: true,
  },
  'asha with two objectives': {
    settings: { kind: 'asha', reductionFactor: 2 },
    objectives: two,
    ranks: false,
  },
  hyperband: {
    settings: { kind: 'hyperband', reductionFactor: 2, maxResource: 6 },
    objectives: one,
    ranks: true,
  },
  'hyperband with promotion and two objectives': {
    settings: { kind: 'hyperband', reductionFactor: 2, maxResource: 6, promotion: true },
    objectives: two,
    ranks: false,
  },
  front: {
    settings: { kind: 'front', startupTrials: 1, patience: 0, share: 0.5 },
    objectives: two,
    ranks: true,
  },
};

const value = fc.oneof({ arbitrary: fc.integer({ min: -9, max: 9 }), weight: 9 }, fc.constant(Number.NaN));
const column = fc.array(value, { maxLength: 8 });
const curves = fc.record({ a: column, b: column });
const state = fc.constantFrom<TrialState>(
  'COMPLETED',
  'COMPLETED',
  'PRUNED',
  'RUNNING',
  'INFEASIBLE',
  'FAILED',
);
const peer = fc.oneof(
  fc.record({ state, curves }),
  curves.map((c): Row => ({ state: 'QUEUED', paused: true, curves: c })),
);
const peers = fc.array(peer, { maxLength: 12 });
const running = (c: Row['curves']): Row => ({ state: 'RUNNING', curves: c });
const mapped = (entry: Row, change: (value: number, metric: string) => number): Row => ({
  ...entry,
  curves: Object.fromEntries(
    Object.entries(entry.curves).map(([metric, values]) => [metric, values.map((v) => change(v, metric))]),
  ),
});

describe.each(Object.entries(subjects))('the pruner %s', (_, { settings, objectives, ranks }) => {
  const problem = problemOf(objectives);
  const judge = (rows: readonly Row[]): PruneDecision => decideOn(settings, problem, rows);

  test('says nothing before the first report', () => {
    fc.assert(
      fc.property(peers, (rows) => {
        expect(judge([...rows, running({})]).action).toBe('CONTINUE');
      }),
    );
  });

  test('gives a reason with numbers for whatever it decides against a trial', () => {
    fc.assert(
      fc.property(peers, curves, (rows, own) => {
        const decision = judge([...rows, running(own)]);
        if (decision.action === 'CONTINUE') return;
        expect(decision.reason).toMatch(/^\(?[ab] .*\d/);
        expect(decision.reason).not.toMatch(/NaN|undefined|null/);
      }),
    );
  });

  test('never ends a trial that is better than all others at every step', () => {
    fc.assert(
      fc.property(peers, fc.integer({ min: 1, max: 8 }), (rows, steps) => {
        const best = { a: Array(steps).fill(10), b: Array(steps).fill(-10) };
        expect(judge([...rows, running(best)]).action).not.toBe('STOP');
      }),
    );
  });

  test('does not mind a flip of direction and sign', () => {
    const flipped = problemOf(
      objectives.map(({ metric, direction }) => ({
        metric,
        direction: direction === 'MAXIMIZE' ? ('MINIMIZE' as const) : ('MAXIMIZE' as const),
      })),
    );
    fc.assert(
      fc.property(peers, curves, (rows, own) => {
        const all = [...rows, running(own)];
        const negated = all.map((entry) => mapped(entry, (v) => -v));
        expect(decideOn(settings, flipped, negated).action).toBe(judge(all).action);
      }),
    );
  });

  test('does not judge a trial more harshly when all its values are better', () => {
    fc.assert(
      fc.property(peers, curves, fc.integer({ min: 1, max: 5 }), (rows, own, gain) => {
        const better = mapped(running(own), (v, metric) => (metric === 'a' ? v + gain : v - gain));
        // Crowding within a front is not monotone.
        if (objectives.length > 1 && settings.kind !== 'front') return;
        if (judge([...rows, running(own)]).action === 'CONTINUE') {
          expect(judge([...rows, better]).action).toBe('CONTINUE');
        }
      }),
    );
  });

  test('decides the same whatever order the peers came and ended in, where it goes by no numbers', () => {
    // Brackets go by numbers, and so do ties where one must be chosen.
    if (settings.kind === 'hyperband' || settings.kind === 'wilcoxon' || settings.promotion === true) return;
    fc.assert(
      fc.property(peers, curves, (rows, own) => {
        const here = judge([...rows, running(own)]);
        const there = judge([...rows.toReversed(), running(own)]);
        expect(there.action).toBe(here.action);
      }),
    );
  });

  if (ranks)
    test('decides by the order of values alone', () => {
      const stretched = (v: number): number => Math.sign(v) * v ** 2 + v;
      fc.assert(
        fc.property(peers, curves, (rows, own) => {
          const all = [...rows, running(own)];
          expect(judge(all.map((entry) => mapped(entry, stretched))).action).toBe(judge(all).action);
        }),
      );
    });

  test('decides and promotes from a study that it has followed as from one that it sees first', () => {
    const change = fc.record({ number: fc.nat({ max: 5 }), row: peer });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), curves, (changes, own) => {
        const followed = new LiveStudyView(problem);
        const pruner = prunerOf(settings, problem);
        put(followed, 6, running(own));
        const latest = new Map<number, Row>([[6, running(own)]]);
        for (const { number, row } of changes) {
          // Curves only grow.
          const before = latest.get(number)?.curves ?? {};
          const grown = Object.fromEntries(
            Object.entries(row.curves).map(([metric, values]) => [
              metric,
              [...values, ...(before[metric] ?? []).slice(values.length)],
            ]),
          );
          latest.set(number, { ...row, curves: grown });
          put(followed, number, { ...row, curves: grown });
          pruner.decide(followed, followed.trial(6)!);
        }
        const fresh = new LiveStudyView(problem);
        for (const [number, row] of latest) put(fresh, number, row);
        const anew = prunerOf(settings, problem);
        expect(pruner.decide(followed, followed.trial(6)!)).toEqual(anew.decide(fresh, fresh.trial(6)!));
        expect(pruner.promote?.(followed)).toEqual(anew.promote?.(fresh));
      }),
    );
  });
});
