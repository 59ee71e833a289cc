import { normalMass } from '../samplers/tpe/normal-mass.ts';
import type { ParameterColumn } from './parameter-column.ts';

/**
 * A one-dimensional Parzen density of `counts[k]` observations in slot k, as the mass of every slot (Watanabe et al. 2023,
 * PED-ANOVA, section 4.2). The prior counts as one observation, so every mass is above zero.
 * Ordered slots: Gaussians around the slots' middles, cut to the unit interval, with the bandwidth of Scott's rule (1992)
 * b = 1.059 min(IQR / 1.34, s) n^(-1/5), but at least such that 90 % of a kernel lie in a slot; TPE's own bandwidth is
 * too wide to see what matters. Choices: their smoothed frequencies.
 */
export function slotDensity(counts: Int32Array, { edges, isOrdered }: ParameterColumn): Float64Array {
  const slots = counts.length;
  const density = Float64Array.from(counts, (_, k) => edges[k + 1]! - edges[k]!);
  const observations = counts.reduce((sum, count) => sum + count, 0);
  if (!isOrdered) {
    for (let k = 0; k < slots; k++) density[k]! += counts[k]!;
  } else if (observations > 0) {
    const bandwidth = Math.max(scott(counts, edges, observations), 0.5 / 1.64 / slots);
    const kernel = new Float64Array(slots);
    for (let j = 0; j < slots; j++) {
      if (counts[j] === 0) continue;
      const centre = (edges[j]! + edges[j + 1]!) / 2;
      let mass = 0;
      for (let k = 0; k < slots; k++) {
        kernel[k] = normalMass((edges[k]! - centre) / bandwidth, (edges[k + 1]! - centre) / bandwidth);
        mass += kernel[k]!;
      }
      const scale = counts[j]! / mass;
      for (let k = 0; k < slots; k++) density[k]! += scale * kernel[k]!;
    }
  }
  return density.map((mass) => mass / (observations + 1));
}

function scott(counts: Int32Array, edges: Float64Array, observations: number): number {
  const middle = (k: number): number => (edges[k]! + edges[k + 1]!) / 2;
  let mean = 0;
  let lowerQuartile = -1;
  let upperQuartile = counts.length - 1;
  let below = 0;
  counts.forEach((count, k) => {
    mean += (count * middle(k)) / observations;
    below += count;
    if (lowerQuartile < 0 && below >= observations / 4) lowerQuartile = k;
    if (below <= (observations * 3) / 4) upperQuartile = Math.min(k + 1, counts.length - 1);
  });
  while (counts[upperQuartile] === 0) upperQuartile--;
  const squares = counts.reduce((sum, count, k) => sum + count * (middle(k) - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / Math.max(1, observations - 1));
  const range = middle(upperQuartile) - middle(lowerQuartile);
  return 1.059 * Math.min(range / 1.34, deviation) * observations ** -0.2;
}

/** D(p || q) = sum_k q_k (p_k / q_k - 1)^2; both have one mass a slot. */
export function pearsonDivergence(p: Float64Array, q: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < p.length; k++) sum += (p[k]! - q[k]!) ** 2 / q[k]!;
  return sum;
}
