import type { Random } from '../../../core/random.ts';

/** Until here the affinities are exaggerated and the momentum is low, as in scikit-learn. */
export const exaggeratedIterations = 250;
const leastGain = 0.01;

/** Points in the plane on their way down the Kullback-Leibler divergence from the affinities. */
export class Embedding {
  readonly #n: number;
  readonly #p: Float32Array;
  readonly points: Float32Array;
  readonly velocity: Float32Array;
  readonly gains: Float32Array;
  /** 1 / (1 + |y_i - y_j|^2), and their sum. */
  readonly #kernel: Float32Array;
  #kernelSum = 0;

  constructor(p: Float32Array, n: number, random: Random) {
    this.#n = n;
    this.#p = p;
    this.#kernel = new Float32Array(n * n);
    // Near together, as in the paper (section 3.4).
    this.points = Float32Array.from({ length: 2 * n }, () => 1e-4 * random.normal());
    this.velocity = new Float32Array(2 * n);
    this.gains = new Float32Array(2 * n).fill(1);
  }

  /** One step along dC/dy_i = 4 sum_j (p_ij - q_ij) (y_i - y_j) / (1 + |y_i - y_j|^2), equation 5 of the paper. */
  descend(learningRate: number, momentum: number, exaggeration: number): void {
    const n = this.#n;
    const { points, velocity, gains } = this;
    this.#fillKernel();
    const p = this.#p;
    const kernels = this.#kernel;
    const share = 1 / this.#kernelSum;
    const gradient = new Float64Array(2 * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) {
        const kernel = kernels[i * n + j]!;
        const pull = 4 * (exaggeration * p[i * n + j]! - kernel * share) * kernel;
        const x = pull * (points[2 * i]! - points[2 * j]!);
        const y = pull * (points[2 * i + 1]! - points[2 * j + 1]!);
        gradient[2 * i]! += x;
        gradient[2 * i + 1]! += y;
        gradient[2 * j]! -= x;
        gradient[2 * j + 1]! -= y;
      }
    }
    for (let k = 0; k < 2 * n; k++) {
      // Jacobs (1988): faster where the direction stays, slower where it turns.
      const stays = gradient[k]! * velocity[k]! < 0;
      gains[k] = Math.max(leastGain, stays ? gains[k]! + 0.2 : gains[k]! * 0.8);
      velocity[k] = momentum * velocity[k]! - learningRate * gains[k]! * gradient[k]!;
      points[k]! += velocity[k]!;
    }
  }

  /** KL(P || Q) = sum p log(p / q), without exaggeration. */
  divergence(): number {
    const n = this.#n;
    this.#fillKernel();
    let sum = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) {
        const p = this.#p[i * n + j]!;
        if (p > 0) sum += 2 * p * Math.log((p * this.#kernelSum) / this.#kernel[i * n + j]!);
      }
    }
    return sum;
  }

  #fillKernel(): void {
    const n = this.#n;
    const { points } = this;
    const kernels = this.#kernel;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) {
        const x = points[2 * i]! - points[2 * j]!;
        const y = points[2 * i + 1]! - points[2 * j + 1]!;
        const kernel = 1 / (1 + x * x + y * y);
        kernels[i * n + j] = kernel;
        sum += 2 * kernel;
      }
    }
    this.#kernelSum = sum;
  }
}
