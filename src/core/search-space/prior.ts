import type { Random } from '../random.ts';
import { normalMass } from '../samplers/tpe/normal-mass.ts';
import { axisOf } from './axis.ts';
import type { NormalPrior, Parameter, WeightedPrior } from './space.ts';

/**
 * Where good values of a parameter are believed to lie, as a distribution on its unit axis. Without a `prior` of the
 * parameter it is uniform: density 1 everywhere, `cdf` and `quantile` the identity.
 */
export interface Prior {
  readonly isUniform: boolean;
  /** Its density at a coordinate in [0, 1]. */
  density(unit: number): number;
  /** Its mass below a coordinate in [0, 1]; the mass of a cell is the difference between its edges. */
  cdf(unit: number): number;
  /** The inverse of `cdf`: a uniform number becomes a draw. */
  quantile(mass: number): number;
}

/** The prior of a parameter; made once for each. */
export function priorOf(parameter: Parameter): Prior {
  let prior = priors.get(parameter);
  if (prior === undefined) {
    prior = createPrior(parameter);
    priors.set(parameter, prior);
  }
  return prior;
}

/** A coordinate drawn from the prior, between two coordinates if they are given. */
export function drawCoordinate(prior: Prior, random: Random, from = 0, to = 1): number {
  const start = prior.cdf(from);
  const unit = prior.quantile(start + random.uniform() * (prior.cdf(to) - start));
  return Math.min(to, Math.max(from, unit));
}

const priors = new WeakMap<Parameter, Prior>();

function createPrior(parameter: Parameter): Prior {
  if (parameter.prior === undefined) return uniform;
  if (parameter.type === 'categorical') return weighted(parameter.prior);
  return normal(axisOf(parameter).encode(parameter.prior.mean), parameter.prior);
}

const identity = (unit: number): number => unit;
const uniform: Prior = { isUniform: true, density: () => 1, cdf: identity, quantile: identity };

/** A normal distribution cut to [0, 1] (truncated, not folded: the mass outside is spread over the inside). */
function normal(centre: number, { sd }: NormalPrior): Prior {
  const z = (unit: number): number => (unit - centre) / sd;
  const whole = normalMass(z(0), z(1));
  const cdf = (unit: number): number => {
    if (unit <= 0) return 0;
    return unit >= 1 ? 1 : Math.min(1, normalMass(z(0), z(unit)) / whole);
  };
  return {
    isUniform: false,
    density: (unit) => Math.exp(-0.5 * z(unit) ** 2) / (Math.sqrt(2 * Math.PI) * sd * whole),
    cdf,
    quantile: (mass) => {
      if (mass <= 0) return 0;
      if (mass >= 1) return 1;
      // Bisection: 40 halvings are finer than the mass is exact.
      let low = 0;
      let high = 1;
      for (let i = 0; i < 40; i++) {
        const middle = (low + high) / 2;
        if (cdf(middle) < mass) low = middle;
        else high = middle;
      }
      return (low + high) / 2;
    },
  };
}

/** A density that is constant within each cell. */
function weighted({ weights }: WeightedPrior): Prior {
  const cells = weights.length;
  const largest = Math.max(...weights);
  const total = weights.reduce((sum, weight) => sum + weight / largest, 0);
  const shares = weights.map((weight) => weight / largest / total);
  const below = [0];
  for (const share of shares) below.push(below.at(-1)! + share);
  below[cells] = 1;
  const cellOf = (unit: number): number => Math.min(cells - 1, Math.max(0, Math.floor(unit * cells)));
  return {
    isUniform: false,
    density: (unit) => shares[cellOf(unit)]! * cells,
    cdf: (unit) => {
      if (unit >= 1) return 1;
      const k = cellOf(unit);
      return Math.min(below[k + 1]!, below[k]! + shares[k]! * (unit * cells - k));
    },
    quantile: (mass) => {
      let low = 0;
      let high = cells - 1;
      // The first cell that ends above the mass: it has a share, so a choice of weight 0 is never drawn.
      while (low < high) {
        const middle = (low + high) >> 1;
        if (below[middle + 1]! > mass) high = middle;
        else low = middle + 1;
      }
      while (shares[low] === 0 && low > 0) low -= 1;
      const within = Math.min(1 - 1e-9, Math.max(0, (mass - below[low]!) / shares[low]!));
      return (low + within) / cells;
    },
  };
}
