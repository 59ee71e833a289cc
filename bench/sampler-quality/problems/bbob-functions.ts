import { type Random, shuffle } from '../../../src/core/random.ts';
import {
  boundaryPenalty,
  breakSymmetry,
  condition,
  dot,
  multiply,
  oscillate,
  rotation,
  share,
  squaredNorm,
  subtract,
  type Vector,
} from './bbob-transformations.ts';

/** One function of BBOB, moved and rotated: 0 at `optimum` and above it elsewhere. */
export interface BbobInstance {
  readonly optimum: Vector;
  evaluate(x: Vector): number;
}

interface BbobFunction {
  /** Its number in BBOB. */
  readonly number: number;
  readonly name: string;
  readonly heldBack: boolean;
  instance(dimensions: number, random: Random): BbobInstance;
}

/**
 * Twelve of the 24 functions of Hansen, Finck, Ros and Auger 2009, two or three of each of its five groups: separable
 * (1, 3), moderate (6, 7, 8), ill-conditioned (10, 13), multimodal with a structure (15, 16, 17) and with little (20,
 * 21). Half of them is held back, and of each group a part. All are given without f_opt, so that the least is 0.
 */
export const bbobFunctions: readonly BbobFunction[] = [
  {
    number: 1,
    name: 'sphere',
    heldBack: false,
    instance: (dimensions, random) => {
      const optimum = drawOptimum(dimensions, random);
      return { optimum, evaluate: (x) => squaredNorm(subtract(x, optimum)) };
    },
  },
  {
    number: 3,
    name: 'rastrigin',
    heldBack: true,
    instance: (dimensions, random) => {
      const optimum = drawOptimum(dimensions, random);
      const bend = (x: Vector) => condition(breakSymmetry(subtract(x, optimum).map(oscillate), 0.2), 10);
      return { optimum, evaluate: (x) => rastrigin(bend(x)) };
    },
  },
  {
    number: 6,
    name: 'attractive-sector',
    heldBack: false,
    instance: (dimensions, random) => {
      const optimum = drawOptimum(dimensions, random);
      const [q, r] = [rotation(dimensions, random), rotation(dimensions, random)];
      return {
        optimum,
        evaluate: (x) => {
          const z = multiply(q, condition(multiply(r, subtract(x, optimum)), 10));
          const sum = z.reduce((total, zi, i) => total + (zi * optimum[i]! > 0 ? 100 * zi : zi) ** 2, 0);
          return oscillate(sum) ** 0.9;
        },
      };
    },
  },
  {
    number: 7,
    name: 'step-ellipsoid',
    heldBack: false,
    instance: (dimensions, random) => {
      const optimum = drawOptimum(dimensions, random);
      const [q, r] = [rotation(dimensions, random), rotation(dimensions, random)];
      const round = (value: number) =>
        Math.abs(value) > 0.5 ? Math.floor(0.5 + value) : Math.floor(0.5 + 10 * value) / 10;
      return {
        optimum,
        evaluate: (x) => {
          const steep = condition(multiply(r, subtract(x, optimum)), 10);
          const z = multiply(q, steep.map(round));
          const sum = z.reduce((total, zi, i) => total + 100 ** share(i, dimensions) * zi ** 2, 0);
          return 0.1 * Math.max(Math.abs(steep[0]!) / 1e4, sum) + boundaryPenalty(x);
        },
      };
    },
  },
  {
    number: 8,
    name: 'rosenbrock',
    heldBack: true,
    instance: (dimensions, random) => {
      const optimum = drawOptimum(dimensions, random, 3);
      const scale = Math.max(1, Math.sqrt(dimensions) / 8);
      return {
        optimum,
        evaluate: (x) => {
          const z = subtract(x, optimum).map((value) => scale * value + 1);
          let sum = 0;
          for (let i = 0; i + 1 < dimensions; i++)
            sum += 100 * (z[i]! ** 2 - z[i + 1]!) ** 2 + (z[i]! - 1) ** 2;
          return sum;
        },
      };
    },
  },
  {
    number: 10,
    name: 'rotated-ellipsoid',
    heldBack: false,
    instance: (dimensions, random) => {
      const optimum = drawOptimum(dimensions, random);
      const r = rotation(dimensions, random);
      return {
        optimum,
        evaluate: (x) =>
          multiply(r, subtract(x, optimum))
            .map(oscillate)
            .reduce((sum, zi, i) => sum + 1e6 ** share(i, dimensions) * zi ** 2, 0),
      };
    },
  },
  {
    number: 13,
    name: 'sharp-ridge',
    heldBack: true,
    instance: (dimensions, random) => {
      const optimum = drawOptimum(dimensions, random);
      const [q, r] = [rotation(dimensions, random), rotation(dimensions, random)];
      return {
        optimum,
        evaluate: (x) => {
          const [first, ...rest] = multiply(q, condition(multiply(r, subtract(x, optimum)), 10));
          return first! ** 2 + 100 * Math.sqrt(squaredNorm(rest));
        },
      };
    },
  },
  {
    number: 15,
    name: 'rotated-rastrigin',
    heldBack: false,
    instance: (dimensions, random) => {
      const optimum = drawOptimum(dimensions, random);
      const [q, r] = [rotation(dimensions, random), rotation(dimensions, random)];
      const bend = (x: Vector) => {
        const bent = breakSymmetry(multiply(r, subtract(x, optimum)).map(oscillate), 0.2);
        return multiply(r, condition(multiply(q, bent), 10));
      };
      return { optimum, evaluate: (x) => rastrigin(bend(x)) };
    },
  },
  {
    number: 16,
    name: 'weierstrass',
    heldBack: true,
    instance: (dimensions, random) => {
      const optimum = drawOptimum(dimensions, random);
      const [q, r] = [rotation(dimensions, random), rotation(dimensions, random)];
      const wave = (zi: number) => {
        let sum = 0;
        for (let k = 0; k <= 11; k++) sum += 0.5 ** k * Math.cos(2 * Math.PI * 3 ** k * (zi + 0.5));
        return sum;
      };
      const least = wave(0);
      return {
        optimum,
        evaluate: (x) => {
          const bent = multiply(q, multiply(r, subtract(x, optimum)).map(oscillate));
          const z = multiply(r, condition(bent, 0.01));
          const mean = z.reduce((sum, zi) => sum + wave(zi), 0) / dimensions;
          return 10 * (mean - least) ** 3 + (10 / dimensions) * boundaryPenalty(x);
        },
      };
    },
  },
  {
    number: 17,
    name: 'schaffers-f7',
    heldBack: true,
    instance: (dimensions, random) => {
      const optimum = drawOptimum(dimensions, random);
      const [q, r] = [rotation(dimensions, random), rotation(dimensions, random)];
      return {
        optimum,
        evaluate: (x) => {
          const z = condition(multiply(q, breakSymmetry(multiply(r, subtract(x, optimum)), 0.5)), 10);
          let sum = 0;
          for (let i = 0; i + 1 < dimensions; i++) {
            const s = Math.sqrt(z[i]! ** 2 + z[i + 1]! ** 2);
            sum += Math.sqrt(s) * (1 + Math.sin(50 * s ** 0.2) ** 2);
          }
          return (sum / (dimensions - 1)) ** 2 + 10 * boundaryPenalty(x);
        },
      };
    },
  },
  {
    number: 20,
    name: 'schwefel',
    heldBack: false,
    instance: (dimensions, random) => {
      const peak = 4.2096874633;
      const signs = Array.from({ length: dimensions }, () => (random.integer(2) === 0 ? -1 : 1));
      const optimum = signs.map((sign) => (sign * peak) / 2);
      return {
        optimum,
        evaluate: (x) => {
          const turned = x.map((value, i) => 2 * signs[i]! * value);
          const linked = turned.map((value, i) => (i === 0 ? value : value + 0.25 * (turned[i - 1]! - peak)));
          const z = condition(
            linked.map((value) => value - peak),
            10,
          ).map((value) => 100 * (value + peak));
          const mean = z.reduce((sum, zi) => sum + zi * Math.sin(Math.sqrt(Math.abs(zi))), 0) / dimensions;
          return -mean / 100 + 4.189828872724339 + 100 * boundaryPenalty(z.map((value) => value / 100));
        },
      };
    },
  },
  {
    number: 21,
    name: 'gallagher-101',
    heldBack: true,
    instance: (dimensions, random) => {
      const peaks = 101;
      const r = rotation(dimensions, random);
      const conditions = shuffle(
        Array.from({ length: peaks - 1 }, (_, i) => 1000 ** (2 * share(i, peaks - 1))),
        random,
      );
      const hills = Array.from({ length: peaks }, (_, i) => {
        const alpha = i === 0 ? 1000 : conditions[i - 1]!;
        const axes = shuffle(
          Array.from({ length: dimensions }, (_, d) => alpha ** (0.5 * share(d, dimensions)) / alpha ** 0.25),
          random,
        );
        const centre = drawOptimum(dimensions, random, i === 0 ? 4 : 5);
        return { centre, axes, turned: multiply(r, centre), height: i === 0 ? 10 : 1.1 + (8 * (i - 1)) / 99 };
      });
      return {
        optimum: hills[0]!.centre,
        evaluate: (x) => {
          const z = multiply(r, x);
          let highest = 0;
          for (const { axes, turned, height } of hills) {
            const distance = z.reduce((sum, zd, d) => sum + axes[d]! * (zd - turned[d]!) ** 2, 0);
            highest = Math.max(highest, height * Math.exp(-distance / (2 * dimensions)));
          }
          return oscillate(10 - highest) ** 2 + boundaryPenalty(x);
        },
      };
    },
  },
];

function rastrigin(z: Vector): number {
  const cosines = z.reduce((sum, zi) => sum + Math.cos(2 * Math.PI * zi), 0);
  return 10 * (z.length - cosines) + dot(z, z);
}

function drawOptimum(dimensions: number, random: Random, bound = 4): Vector {
  return Array.from({ length: dimensions }, () => bound * (2 * random.uniform() - 1));
}
