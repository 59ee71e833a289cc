import { createRandom, type Random } from '../../../src/core/random.ts';
import { completeParams } from '../../../src/core/search-space/complete-params.ts';
import { parseSearchSpace } from '../../../src/core/search-space/parse-search-space.ts';
import type { Parameter, Params, SearchSpaceInput } from '../../../src/core/search-space/space.ts';
import { lossRegret, medianOf, minimizeLoss, type QualityProblem } from '../problem.ts';
import { medianSamples } from './bbob.ts';

interface TreeProblem {
  readonly name: string;
  readonly heldBack: boolean;
  readonly searchSpace: SearchSpaceInput;
  /** A loss whose least value is 0. */
  loss(random: Random): (params: Params) => number;
}

const unit: Parameter = { type: 'float', low: 0, high: 1 };

/** How far a value is from a place in its range, in parts of the range; on a log scale where both ends are given so. */
function away(value: unknown, place: number, low: number, high: number, scale = (x: number) => x): number {
  return (scale(value as number) - scale(low)) / (scale(high) - scale(low)) - place;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/**
 * Spaces in which a choice decides what else there is. Places of optima and merits of branches change with the seed;
 * half is held back.
 */
const trees: readonly TreeProblem[] = [
  {
    name: 'model-families',
    heldBack: false,
    searchSpace: {
      family: { type: 'categorical', choices: ['linear', 'forest', 'boosting', 'network'] },
      l2: { type: 'float', low: 1e-6, high: 10, log: true, when: { family: { in: ['linear', 'network'] } } },
      trees: {
        type: 'int',
        low: 10,
        high: 1000,
        log: true,
        when: { family: { in: ['forest', 'boosting'] } },
      },
      depth: { type: 'int', low: 1, high: 12, when: { family: { in: ['forest', 'boosting'] } } },
      shrinkage: { type: 'float', low: 1e-3, high: 1, log: true, when: { family: 'boosting' } },
      subsample: { type: 'float', low: 0.2, high: 1, when: { family: 'boosting' } },
      width: { type: 'int', low: 8, high: 512, log: true, when: { family: 'network' } },
      rate: { type: 'float', low: 1e-5, high: 1e-1, log: true, when: { family: 'network' } },
      dropout: { type: 'float', low: 0, high: 0.8, when: { family: 'network' } },
      activation: { type: 'categorical', choices: ['relu', 'tanh', 'gelu'], when: { family: 'network' } },
    },
    loss: (random) => {
      const merits = merit(['linear', 'forest', 'boosting', 'network'], random);
      const place = places(random);
      return (params) => {
        const { family } = params;
        const trees = params.trees === undefined ? 0 : away(params.trees, place('trees'), 10, 1000, Math.log);
        const depth =
          params.depth === undefined ? 0 : away(params.depth, Math.round(11 * place('depth')) / 11, 1, 12);
        const l2 = params.l2 === undefined ? 0 : away(params.l2, place(`l2 ${family}`), 1e-6, 10, Math.log);
        const terms = [l2 ** 2, 0.3 * trees ** 2, depth ** 2];
        if (family === 'boosting') {
          // Slower learning wants more trees.
          const shrinkage = away(params.shrinkage, place('shrinkage'), 1e-3, 1, Math.log);
          terms.push(
            2 * (shrinkage + trees) ** 2,
            0.3 * away(params.subsample, place('subsample'), 0.2, 1) ** 2,
          );
        }
        if (family === 'network') {
          const rate = away(params.rate, place('rate'), 1e-5, 1e-1, Math.log);
          terms.push(4 * rate ** 2, 0.5 * away(params.width, place('width'), 8, 512, Math.log) ** 2);
          terms.push(0.5 * away(params.dropout, place('dropout'), 0, 0.8) ** 2);
          terms.push(
            params.activation === ['relu', 'tanh', 'gelu'][Math.floor(3 * place('activation'))] ? 0 : 0.1,
          );
        }
        return merits(family) + sum(terms);
      };
    },
  },
  {
    name: 'network-depth',
    heldBack: true,
    searchSpace: {
      layers: { type: 'int', low: 1, high: 5 },
      ...Object.fromEntries(
        Array.from({ length: 5 }, (_, i): [string, Parameter] => [
          `width${i}`,
          { type: 'int', low: 4, high: 256, log: true, ...(i === 0 ? {} : { when: { layers: { gt: i } } }) },
        ]),
      ),
      optimizer: { type: 'categorical', choices: ['sgd', 'adam', 'rmsprop'] },
      rate: { type: 'float', low: 1e-5, high: 1, log: true },
      momentum: { type: 'float', low: 0, high: 0.99, when: { optimizer: { in: ['sgd', 'rmsprop'] } } },
      nesterov: {
        type: 'categorical',
        choices: [true, false],
        when: { optimizer: 'sgd', momentum: { gte: 0.5 } },
      },
      beta: { type: 'float', low: 0.8, high: 0.9999, when: { optimizer: 'adam' } },
    },
    loss: (random) => {
      const optimizers = merit(['sgd', 'adam', 'rmsprop'], random);
      const depths = merit([1, 2, 3, 4, 5], random);
      const place = places(random);
      return ({ layers, optimizer, rate, momentum, nesterov, beta, ...widths }) => {
        const terms = Object.entries(widths).map(
          ([name, width]) => 0.3 * away(width, place(name), 4, 256, Math.log) ** 2,
        );
        terms.push(4 * away(rate, place(`rate ${optimizer}`), 1e-5, 1, Math.log) ** 2);
        if (momentum !== undefined) terms.push(away(momentum, 0.5 + place('momentum') / 2, 0, 0.99) ** 2);
        if (nesterov === false) terms.push(0.1);
        if (beta !== undefined) terms.push(0.5 * away(beta, place('beta'), 0.8, 0.9999) ** 2);
        return optimizers(optimizer) + depths(layers) + sum(terms);
      };
    },
  },
  {
    name: 'kernels',
    heldBack: true,
    searchSpace: {
      scaler: { type: 'categorical', choices: ['none', 'standard', 'robust', 'quantile'] },
      quantiles: { type: 'int', low: 10, high: 1000, log: true, when: { scaler: 'quantile' } },
      model: { type: 'categorical', choices: ['svm', 'neighbours'] },
      c: { type: 'float', low: 1e-3, high: 1e3, log: true, when: { model: 'svm' } },
      kernel: { type: 'categorical', choices: ['linear', 'rbf', 'poly'], when: { model: 'svm' } },
      gamma: { type: 'float', low: 1e-4, high: 10, log: true, when: { kernel: { in: ['rbf', 'poly'] } } },
      degree: { type: 'int', low: 2, high: 6, when: { kernel: 'poly' } },
      k: { type: 'int', low: 1, high: 64, log: true, when: { model: 'neighbours' } },
      metric: { type: 'categorical', choices: ['l1', 'l2', 'cosine'], when: { model: 'neighbours' } },
    },
    loss: (random) => {
      const scalers = merit(['none', 'standard', 'robust', 'quantile'], random);
      const models = merit(['neighbours', 'linear', 'rbf', 'poly'], random);
      const metrics = merit(['l1', 'l2', 'cosine'], random);
      const place = places(random);
      return (params) => {
        const { scaler, kernel, metric } = params;
        const terms = [scalers(scaler), models(kernel ?? 'neighbours')];
        if (params.quantiles !== undefined) {
          terms.push(0.1 * away(params.quantiles, place('quantiles'), 10, 1000, Math.log) ** 2);
        }
        if (metric !== undefined)
          terms.push(metrics(metric), away(params.k, place('k'), 1, 64, Math.log) ** 2);
        if (params.c !== undefined) {
          const c = away(params.c, place(`c ${kernel}`), 1e-3, 1e3, Math.log);
          const gamma =
            params.gamma === undefined ? 0 : away(params.gamma, place('gamma'), 1e-4, 10, Math.log);
          // The ridge of C and gamma.
          terms.push(2 * (c + gamma) ** 2, 0.5 * gamma ** 2);
        }
        if (params.degree !== undefined) {
          terms.push(away(params.degree, Math.round(4 * place('degree')) / 4, 2, 6) ** 2);
        }
        return sum(terms);
      };
    },
  },
  {
    // Jenatton et al. 2017, "Bayesian Optimization with Tree-structured Dependencies", section 5.1, with moved leaves.
    name: 'binary-tree',
    heldBack: false,
    searchSpace: {
      x1: { type: 'categorical', choices: [0, 1] },
      x2: { type: 'categorical', choices: [0, 1], when: { x1: 0 } },
      x3: { type: 'categorical', choices: [0, 1], when: { x1: 1 } },
      shared0: { ...unit, when: { x1: 0 } },
      shared1: { ...unit, when: { x1: 1 } },
      x4: { type: 'float', low: -1, high: 1, when: { x2: 0 } },
      x5: { type: 'float', low: -1, high: 1, when: { x2: 1 } },
      x6: { type: 'float', low: -1, high: 1, when: { x3: 0 } },
      x7: { type: 'float', low: -1, high: 1, when: { x3: 1 } },
    },
    loss: (random) => {
      const place = places(random);
      const leaves = merit(['x4', 'x5', 'x6', 'x7'], random);
      return (params) => {
        const leaf = ['x4', 'x5', 'x6', 'x7'].find((name) => params[name] !== undefined)!;
        const shared = (params.shared0 ?? params.shared1) as number;
        return leaves(leaf) + away(params[leaf], place(leaf), -1, 1) ** 2 + shared;
      };
    },
  },
];

/** What each choice costs at its best: 0 for one, steps of 0.05 for the others, in an order of the seed. */
function merit(choices: readonly unknown[], random: Random): (choice: unknown) => number {
  const order = choices
    .map((choice) => ({ choice, key: random.uniform() }))
    .sort((a, b) => a.key - b.key)
    .map(({ choice }) => choice);
  return (choice) => 0.05 * order.indexOf(choice);
}

/** Where the optimum of each name lies, between 0.1 and 0.9 of its range; the same whatever is asked for first. */
function places(random: Random): (name: string) => number {
  const key = random.integer(2 ** 31);
  const known = new Map<string, number>();
  return (name) => {
    let place = known.get(name);
    if (place === undefined) {
      place = 0.1 + 0.8 * createRandom(key, ...Buffer.from(name)).uniform();
      known.set(name, place);
    }
    return place;
  };
}

export const conditionalProblems: readonly QualityProblem[] = trees.map(
  ({ name, heldBack, searchSpace, loss }, i) => {
    const space = parseSearchSpace(searchSpace);
    return {
      name,
      family: 'conditional',
      heldBack,
      searchSpace,
      objectives: minimizeLoss,
      constraints: [],
      instance: (seed) => {
        const random = createRandom(seed, 100 + i);
        const lossOf = loss(random);
        const drawn = Array.from({ length: medianSamples }, () =>
          lossOf(completeParams(space, {}, {}, random)),
        );
        const median = medianOf(drawn);
        return {
          evaluate: (params) => ({ loss: lossOf(params) }),
          regret: (told) => lossRegret(told, 0, median),
        };
      },
    };
  },
);
