import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRandom, type Random } from '../../src/core/random.ts';

/** Learning curves of many settings: what a trial of each would report at steps 1 to `steps`. */
export interface CurveProblem {
  readonly name: string;
  readonly direction: 'MINIMIZE' | 'MAXIMIZE';
  readonly steps: number;
  /** By setting; null stands for NaN. */
  readonly curves: readonly (readonly (number | null)[])[];
}

const steps = 81;
const settings = 300;
const noise = 0.01;

type Shape = (random: Random) => (step: number) => number;

/**
 * Losses that fall to an asymptote: the square of a uniform number, so that good settings are rare. `a + b t^-c` and
 * `a + b e^(-t/tau)` are the usual models of learning curves (Domhan et al. 2015, table 1).
 */
const shapes: Readonly<Record<string, Shape>> = {
  'power law': (random) => {
    const [asymptote, start, rate] = [
      1 - random.uniform() ** 2,
      0.5 + random.uniform(),
      0.3 + random.uniform(),
    ];
    return (step) => asymptote + start * step ** -rate;
  },
  exponential: (random) => {
    const [asymptote, start, tau] = [
      1 - random.uniform() ** 2,
      0.5 + random.uniform(),
      3 * 10 ** random.uniform(),
    ];
    return (step) => asymptote + start * Math.exp(-step / tau);
  },
  // The better a setting ends, the slower it starts: early steps mislead.
  crossing: (random) => {
    const quality = random.uniform();
    const tau = 3 + 15 * quality;
    return (step) => 1 - quality + Math.exp(-step / tau) + 0.1 * random.normal() * Math.exp(-step / 10);
  },
  // A third breaks down on the way: the loss grows, or becomes NaN.
  diverging: (random) => {
    const healthy = shapes['power law']!(random);
    const breaksAt = random.uniform() < 1 / 3 ? 1 + random.integer(steps) : Number.POSITIVE_INFINITY;
    const toNaN = random.uniform() < 0.5;
    return (step) => {
      if (step < breaksAt) return healthy(step);
      return toNaN ? Number.NaN : healthy(breaksAt) + (step - breaksAt + 1) / 4;
    };
  },
};

export async function curveProblems(): Promise<CurveProblem[]> {
  const generated = Object.entries(shapes).map(([name, shape], k): CurveProblem => {
    const curves = Array.from({ length: settings }, (_, i) => {
      const random = createRandom(11, k, i);
      const curve = shape(random);
      return Array.from({ length: steps }, (_, t) => {
        const loss = curve(t + 1) + noise * random.normal();
        return Number.isNaN(loss) ? null : loss;
      });
    });
    return { name, direction: 'MINIMIZE', steps, curves };
  });
  return [...generated, await recordedProblem()];
}

/** Accuracies of a dense network on MNIST: see record-mnist.ts. */
async function recordedProblem(): Promise<CurveProblem> {
  const text = await readFile(join(import.meta.dirname, 'mnist-dense.ndjson'), 'utf8');
  const curves = text
    .trim()
    .split('\n')
    .map((line) => {
      const { hits } = JSON.parse(line) as { hits: number[] };
      return Array.from({ length: steps }, (_, t) => (t < hits.length ? hits[t]! / 400 : null));
    });
  return { name: 'MNIST, recorded', direction: 'MAXIMIZE', steps, curves };
}
