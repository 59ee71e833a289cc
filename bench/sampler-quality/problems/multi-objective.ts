import { hypervolume } from '../../../src/core/pareto/hypervolume.ts';
import type { Losses } from '../../../src/core/pareto/losses.ts';
import { createRandom } from '../../../src/core/random.ts';
import type { Constraint, Objective } from '../../../src/core/study.ts';
import { isFeasible } from '../../../src/core/study.ts';
import type { QualityProblem, Values } from '../problem.ts';

interface FrontProblem {
  readonly name: string;
  readonly heldBack: boolean;
  readonly ranges: readonly (readonly [low: number, high: number])[];
  /** The objectives, and behind them the value of the constraint, which must not be above 0. */
  evaluate(x: readonly number[]): readonly number[];
  readonly objectives: number;
  readonly constrained?: boolean;
  /** Worse than nearly all that is found, so that the first trials count too. */
  readonly reference: Losses;
  /** The hypervolume of the true front. */
  readonly best: number;
}

const unit = (count: number): readonly (readonly [number, number])[] =>
  Array.from({ length: count }, () => [0, 1] as const);
const frontOf = (from: number, f2: (f1: number) => number): Losses[] =>
  Array.from({ length: 20_001 }, (_, i) => {
    const f1 = from + ((1 - from) * i) / 20_000;
    return [f1, f2(f1)];
  });

/** g of ZDT1 to 3: 1 + 9 times the mean of all but the first. */
function linearG(x: readonly number[]): number {
  return 1 + (9 * x.slice(1).reduce((sum, xi) => sum + xi, 0)) / (x.length - 1);
}

/** DTLZ2 of three objectives (Deb et al. 2002, equation 9). */
function dtlz2(x: readonly number[]): [number, number, number] {
  const g = x.slice(2).reduce((sum, xi) => sum + (xi - 0.5) ** 2, 0);
  const [a, b] = [(x[0]! * Math.PI) / 2, (x[1]! * Math.PI) / 2];
  return [(1 + g) * Math.cos(a) * Math.cos(b), (1 + g) * Math.cos(a) * Math.sin(b), (1 + g) * Math.sin(a)];
}

/** The constraint of C2-DTLZ2 (Jain and Deb 2014, equation 7) with r = 0.4: within r of an end or of the middle. */
function c2(f: readonly number[]): number {
  const squares = f.reduce((sum, fi) => sum + fi ** 2, 0);
  const ends = f.map((fi) => (fi - 1) ** 2 + squares - fi ** 2 - 0.4 ** 2);
  const middle = f.reduce((sum, fi) => sum + (fi - 1 / Math.sqrt(f.length)) ** 2, 0) - 0.4 ** 2;
  return Math.min(...ends, middle);
}

const zdtReference = [1.1, 11];
const zdt6From = 0.2807753191;
const dtlzReference = [1.5, 1.5, 1.5];

/**
 * ZDT1 to 4 and 6 (Zitzler, Deb and Thiele 2000) with 10 variables, so that 200 trials get somewhere; DTLZ2 and
 * C2-DTLZ2 with 3 objectives and 7 variables.
 */
const fronts: readonly FrontProblem[] = [
  {
    name: 'zdt1',
    heldBack: false,
    ranges: unit(10),
    objectives: 2,
    reference: zdtReference,
    best: hypervolume(
      frontOf(0, (f1) => 1 - Math.sqrt(f1)),
      zdtReference,
    ),
    evaluate: (x) => {
      const g = linearG(x);
      return [x[0]!, g * (1 - Math.sqrt(x[0]! / g))];
    },
  },
  {
    name: 'zdt2',
    heldBack: true,
    ranges: unit(10),
    objectives: 2,
    reference: zdtReference,
    best: hypervolume(
      frontOf(0, (f1) => 1 - f1 ** 2),
      zdtReference,
    ),
    evaluate: (x) => {
      const g = linearG(x);
      return [x[0]!, g * (1 - (x[0]! / g) ** 2)];
    },
  },
  {
    name: 'zdt3',
    heldBack: false,
    ranges: unit(10),
    objectives: 2,
    reference: zdtReference,
    best: hypervolume(
      frontOf(0, (f1) => 1 - Math.sqrt(f1) - f1 * Math.sin(10 * Math.PI * f1)),
      zdtReference,
    ),
    evaluate: (x) => {
      const g = linearG(x);
      const ratio = x[0]! / g;
      return [x[0]!, g * (1 - Math.sqrt(ratio) - ratio * Math.sin(10 * Math.PI * x[0]!))];
    },
  },
  {
    name: 'zdt4',
    heldBack: true,
    ranges: [[0, 1], ...Array.from({ length: 9 }, () => [-5, 5] as const)],
    objectives: 2,
    reference: [1.1, 250],
    best: hypervolume(
      frontOf(0, (f1) => 1 - Math.sqrt(f1)),
      [1.1, 250],
    ),
    evaluate: (x) => {
      const rest = x.slice(1);
      const g =
        1 + 10 * rest.length + rest.reduce((sum, xi) => sum + xi ** 2 - 10 * Math.cos(4 * Math.PI * xi), 0);
      return [x[0]!, g * (1 - Math.sqrt(x[0]! / g))];
    },
  },
  {
    name: 'zdt6',
    heldBack: false,
    ranges: unit(10),
    objectives: 2,
    reference: zdtReference,
    best: hypervolume(
      frontOf(zdt6From, (f1) => 1 - f1 ** 2),
      zdtReference,
    ),
    evaluate: (x) => {
      const f1 = 1 - Math.exp(-4 * x[0]!) * Math.sin(6 * Math.PI * x[0]!) ** 6;
      const g = 1 + 9 * (x.slice(1).reduce((sum, xi) => sum + xi, 0) / (x.length - 1)) ** 0.25;
      return [f1, g * (1 - (f1 / g) ** 2)];
    },
  },
  {
    name: 'dtlz2',
    heldBack: true,
    ranges: unit(7),
    objectives: 3,
    reference: dtlzReference,
    // The cube without an eighth of the unit ball.
    best: 1.5 ** 3 - Math.PI / 6,
    evaluate: dtlz2,
  },
  {
    name: 'c2-dtlz2',
    heldBack: false,
    ranges: unit(7),
    objectives: 3,
    constrained: true,
    reference: dtlzReference,
    // measureC2Front(n) for n = 2000, 8000, 30000 is 2.7537, 2.7650, 2.7695: this is the limit.
    best: 2.775,
    evaluate: (x) => {
      const f = dtlz2(x);
      return [...f, c2(f)];
    },
  },
];

/** The regret is the share of the true front's hypervolume that is missing; of feasible trials only. */
export const multiObjectiveProblems: readonly QualityProblem[] = fronts.map((front) => {
  const names = front.ranges.map((_, i) => `x${i}`);
  const objectives = Array.from(
    { length: front.objectives },
    (_, k): Objective => ({ metric: `f${k + 1}`, direction: 'MINIMIZE' }),
  );
  const constraints: Constraint[] =
    front.constrained === true ? [{ metric: 'c', comparison: 'LESS_OR_EQUAL', bound: 0 }] : [];
  const metrics = [...objectives, ...constraints].map(({ metric }) => metric);
  return {
    name: front.name,
    family: 'multi-objective',
    heldBack: front.heldBack,
    searchSpace: Object.fromEntries(
      names.map((x, i) => [x, { type: 'float', low: front.ranges[i]![0], high: front.ranges[i]![1] }]),
    ),
    objectives,
    constraints,
    instance: () => ({
      evaluate: (params) => {
        const values = front.evaluate(names.map((x) => params[x] as number));
        return Object.fromEntries(metrics.map((metric, k) => [metric, values[k]!]));
      },
      regret: (told) => {
        const losses = (values: Values): Losses => objectives.map(({ metric }) => values[metric]!);
        const kept = told.filter((values) => isFeasible(constraints, values) === true);
        return 1 - hypervolume(kept.map(losses), front.reference) / front.best;
      },
    }),
  };
});

/** The hypervolume of points on the true front of C2-DTLZ2: how its `best` was found. */
export function measureC2Front(points: number): number {
  const random = createRandom(1);
  const losses: Losses[] = [];
  while (losses.length < points) {
    const f = dtlz2([random.uniform(), random.uniform(), 0.5]);
    if (c2(f) <= 0) losses.push(f);
  }
  return hypervolume(losses, dtlzReference);
}
