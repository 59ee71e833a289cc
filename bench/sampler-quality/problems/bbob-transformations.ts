import type { Random } from '../../../src/core/random.ts';

/*
 * The transformations of Hansen, Finck, Ros and Auger 2009, "Real-Parameter Black-Box Optimization Benchmarking 2009:
 * Noiseless Functions Definitions", section 0.2. Indices run from 0 here.
 */

export type Vector = readonly number[];
export type Matrix = readonly Vector[];

/** T_osz: smooth local irregularities, the identity at 0 and nearly so everywhere. */
export function oscillate(x: number): number {
  if (x === 0) return 0;
  const size = Math.log(Math.abs(x));
  const [c1, c2] = x > 0 ? [10, 7.9] : [5.5, 3.1];
  return Math.sign(x) * Math.exp(size + 0.049 * (Math.sin(c1 * size) + Math.sin(c2 * size)));
}

/** T_asy^beta: breaks the symmetry of positive and negative coordinates. */
export function breakSymmetry(x: Vector, beta: number): Vector {
  return x.map((value, i) =>
    value > 0 ? value ** (1 + beta * share(i, x.length) * Math.sqrt(value)) : value,
  );
}

/** Lambda^alpha x: condition number alpha along the axes. */
export function condition(x: Vector, alpha: number): Vector {
  return x.map((value, i) => alpha ** (0.5 * share(i, x.length)) * value);
}

/** f_pen: how far x lies outside of [-5, 5]. */
export function boundaryPenalty(x: Vector): number {
  return x.reduce((sum, value) => sum + Math.max(0, Math.abs(value) - 5) ** 2, 0);
}

/** i / (D - 1): from 0 at the first coordinate to 1 at the last. */
export function share(i: number, dimensions: number): number {
  return dimensions === 1 ? 0 : i / (dimensions - 1);
}

export function subtract(a: Vector, b: Vector): Vector {
  return a.map((value, i) => value - b[i]!);
}

export function multiply(matrix: Matrix, x: Vector): Vector {
  return matrix.map((row) => dot(row, x));
}

export function dot(a: Vector, b: Vector): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

export function squaredNorm(x: Vector): number {
  return dot(x, x);
}

/** A random rotation: normal vectors made orthonormal by Gram and Schmidt. */
export function rotation(dimensions: number, random: Random): Matrix {
  const rows: number[][] = [];
  while (rows.length < dimensions) {
    let row = Array.from({ length: dimensions }, () => random.normal());
    for (const other of rows) {
      const overlap = dot(row, other);
      row = row.map((value, i) => value - overlap * other[i]!);
    }
    const length = Math.sqrt(squaredNorm(row));
    if (length > 1e-6) rows.push(row.map((value) => value / length));
  }
  return rows;
}
