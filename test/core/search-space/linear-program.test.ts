import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LinearProgram } from '../../../src/core/search-space/constraints/linear-program.ts';

const coefficient = fc.integer({ min: -4, max: 4 });

/** Rows over three variables, and an objective; small integers, so that ties and degenerate corners are common. */
const programs = fc.record({
  rows: fc.array(
    fc.record({
      coefficients: fc.tuple(coefficient, coefficient, coefficient),
      bound: fc.integer({ min: -6, max: 6 }),
    }),
    { maxLength: 6 },
  ),
  objective: fc.tuple(coefficient, coefficient, coefficient),
});

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, entry, k) => sum + entry * b[k]!, 0);

type Program = { rows: { coefficients: number[]; bound: number }[]; objective: number[] };

/** The corners of the feasible set: where three of all rows hold exactly and the others hold. */
function corners({ rows }: Program): number[][] {
  const walls = [
    ...rows,
    ...[0, 1, 2].flatMap((k) => [
      { coefficients: [0, 1, 2].map((j) => (j === k ? 1 : 0)), bound: 1 },
      { coefficients: [0, 1, 2].map((j) => (j === k ? -1 : 0)), bound: 0 },
    ]),
  ];
  const found: number[][] = [];
  for (let a = 0; a < walls.length; a++) {
    for (let b = a + 1; b < walls.length; b++) {
      for (let c = b + 1; c < walls.length; c++) {
        const point = intersection([walls[a]!, walls[b]!, walls[c]!]);
        if (point && walls.every((wall) => dot(wall.coefficients, point) <= wall.bound + 1e-9))
          found.push(point);
      }
    }
  }
  return found;
}

function intersection(walls: Program['rows']): number[] | null {
  const determinant = (m: number[][]) =>
    m[0]![0]! * (m[1]![1]! * m[2]![2]! - m[1]![2]! * m[2]![1]!) -
    m[0]![1]! * (m[1]![0]! * m[2]![2]! - m[1]![2]! * m[2]![0]!) +
    m[0]![2]! * (m[1]![0]! * m[2]![1]! - m[1]![1]! * m[2]![0]!);
  const matrix = walls.map((wall) => wall.coefficients);
  const whole = determinant(matrix);
  if (whole === 0) return null;
  return [0, 1, 2].map(
    (k) =>
      determinant(matrix.map((row, i) => row.map((entry, j) => (j === k ? walls[i]!.bound : entry)))) / whole,
  );
}

test('it is feasible where the set has a corner, and its maximum is that of the best corner', () => {
  fc.assert(
    fc.property(programs, (program) => {
      const found = corners(program);
      const solved = new LinearProgram(3, program.rows);
      expect(solved.isFeasible).toBe(found.length > 0);
      if (found.length === 0) return;
      for (const sign of [1, -1]) {
        const objective = program.objective.map((entry) => sign * entry);
        const best = Math.max(...found.map((point) => dot(objective, point)));
        const point = solved.maximize(objective);
        expect(dot(objective, point)).toBeCloseTo(best, 8);
        for (const { coefficients, bound } of program.rows) {
          expect(dot(coefficients, point)).toBeLessThanOrEqual(bound + 1e-8);
        }
      }
    }),
    { numRuns: 300 },
  );
});
