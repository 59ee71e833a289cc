import { createRandom } from '../../../core/random.ts';
import type { MetricValues, TrialContext } from '../../trainable.ts';
import { squaredDistances, squaredDistancesBetween } from '../distances.ts';
import { LeadingSubspace } from './leading-subspace.ts';

/**
 * Dimensions in which examples are compared. Over all pixels distances of anything are much alike, and pixels drawn one
 * by one from the examples' pass for real; in 16 dimensions worse samples of MNIST are farther off in the order that
 * people would give them, in more the differences shrink again (docs/trainables.md has the numbers).
 */
const comparedDimensions = 16;

/** Neighbours that reach as far as the manifold around an example, as in Kynkäänniemi et al. (2019), section 3.1. */
const reach = 3;

type Turns = Pick<TrialContext, 'nextBatch'>;

/**
 * How near generated examples come to real ones, by their Euclidean distances in the subspace in which the real ones vary
 * most. No network judges them: the result is bounded, the same for the same samples on every backend, and trials can
 * be compared.
 *
 * `energyDistance` is the energy coefficient of Székely and Rizzo (2013), (2A - B - C) / 2A with A the mean distance of a
 * real from a generated example, B that of all pairs of real ones, C that of all pairs of generated ones. It lies in
 * [0, 1] and is 0 only for equal samples; two samples of n examples of one distribution have about 1 / n.
 *
 * `precision` is the share of generated examples among the real ones, `recall` that of real ones among the generated: a
 * point is among others when it is as near to one of them as that one's third neighbour (Kynkäänniemi et al. 2019,
 * equation 1). `fScore` is their harmonic mean, 0 where both are 0.
 */
export class SampleQuality {
  readonly #subspace: LeadingSubspace;
  readonly #real: Float32Array;
  readonly #within: Within;

  /** @param real at least 5 examples of `width` numbers, one after the other */
  static async create(real: Float32Array, width: number, turns: Turns): Promise<SampleQuality> {
    const dimensions = Math.min(width, comparedDimensions);
    const subspace = await LeadingSubspace.fit(real, width, dimensions, createRandom(1), () =>
      turns.nextBatch(),
    );
    const projected = subspace.project(real);
    const distances = await squaredDistances(projected, dimensions, () => turns.nextBatch());
    return new SampleQuality(subspace, projected, withinOf(distances));
  }

  private constructor(subspace: LeadingSubspace, real: Float32Array, within: Within) {
    this.#subspace = subspace;
    this.#real = real;
    this.#within = within;
  }

  /** @param generated at least 5; bounds and expectations hold for any number of them */
  async of(generated: Float32Array, turns: Turns): Promise<MetricValues> {
    const onRow = () => turns.nextBatch();
    const { dimensions } = this.#subspace;
    const projected = this.#subspace.project(generated);
    const real = this.#within;
    const made = withinOf(await squaredDistances(projected, dimensions, onRow));
    const between = await squaredDistancesBetween(this.#real, projected, dimensions, onRow);
    const [rows, columns] = [real.radii.length, made.radii.length];
    const isReal = new Uint8Array(columns);
    const isMade = new Uint8Array(rows);
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const distance = between[i * columns + j]!;
        sum += Math.sqrt(distance);
        if (distance <= real.radii[i]!) isReal[j] = 1;
        if (distance <= made.radii[j]!) isMade[i] = 1;
      }
    }
    const mean = sum / (rows * columns);
    // All in one place: equal. Rounding must not leave the bounds.
    const energy = mean === 0 ? 0 : (2 * mean - real.mean - made.mean) / (2 * mean);
    const precision = shareOf(isReal);
    const recall = shareOf(isMade);
    const fScore = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
    return { energyDistance: Math.min(1, Math.max(0, energy)), precision, recall, fScore };
  }
}

interface Within {
  /** The mean distance of all pairs, those of an example with itself among them. */
  readonly mean: number;
  /** The squared distance of each from its neighbour at `reach`. */
  readonly radii: Float32Array;
}

function withinOf(distances: Float32Array): Within {
  const n = Math.sqrt(distances.length);
  let sum = 0;
  const radii = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    const row = distances.slice(i * n, (i + 1) * n);
    for (const distance of row) sum += Math.sqrt(distance);
    // The first is its own.
    radii[i] = row.sort()[reach]!;
  }
  return { mean: sum / (n * n), radii };
}

function shareOf(flags: Uint8Array): number {
  return flags.reduce((sum, flag) => sum + flag, 0) / flags.length;
}
