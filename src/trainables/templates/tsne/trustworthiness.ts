import { neighbours } from '../distances.ts';

/**
 * How far the neighbourhoods of an embedding can be trusted: 1 where the `k` nearest points of each point are its
 * nearest among the originals too (Venna and Kaski 2001).
 */
export class Trustworthiness {
  readonly #n: number;
  readonly #k: number;
  /** The place of j among the originals' neighbours of i, from 1. */
  readonly #ranks: Uint16Array;

  /** @param distances of the originals, n x n; 2 k < n */
  constructor(distances: Float32Array, n: number, k: number) {
    this.#n = n;
    this.#k = k;
    this.#ranks = new Uint16Array(n * n);
    for (let i = 0; i < n; i++) {
      neighbours(distances, n, i).forEach((j, place) => {
        this.#ranks[i * n + j] = place + 1;
      });
    }
  }

  /** T(k) = 1 - 2 / (n k (2n - 3k - 1)) sum_i sum_{j in U_k(i)} (r(i, j) - k) */
  of(embedded: Float32Array): number {
    const n = this.#n;
    const k = this.#k;
    let excess = 0;
    for (let i = 0; i < n; i++) {
      for (const j of neighbours(embedded, n, i).subarray(0, k)) {
        excess += Math.max(0, this.#ranks[i * n + j]! - k);
      }
    }
    return 1 - (2 * excess) / (n * k * (2 * n - 3 * k - 1));
  }
}
