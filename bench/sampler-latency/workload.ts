import type { JsonObject } from '../../src/core/json.ts';
import { createRandom } from '../../src/core/random.ts';
import { completeParams } from '../../src/core/search-space/complete-params.ts';
import type { Params, SearchSpace } from '../../src/core/search-space/space.ts';
import type { Objective } from '../../src/core/study.ts';

const many = (name: string, count: number, parameter: JsonObject): [string, JsonObject][] =>
  Array.from({ length: count }, (_, i) => [`${name}${i}`, parameter]);

/** 4 floats, 2 logarithmic floats, 2 integers, 2 categoricals. */
export const searchSpace: JsonObject = Object.fromEntries([
  ...many('x', 4, { type: 'float', low: 0, high: 1 }),
  ...many('rate', 2, { type: 'float', low: 1e-5, high: 1, log: true }),
  ...many('layers', 2, { type: 'int', low: 1, high: 32 }),
  ...many('kind', 2, { type: 'categorical', choices: ['a', 'b', 'c'] }),
]);

export const objectivesOf = (count: number): Objective[] =>
  Array.from({ length: count }, (_, k) => ({ metric: `loss${k}`, direction: 'MINIMIZE' }));

/** The same as in peers/optuna_latency.py. */
export function valuesOf(params: Params, objectives: number): Record<string, number> {
  const number = (name: string): number => params[name] as number;
  const rate = Math.abs(Math.log10(number('rate0')) + 2) / 3;
  const kind = params.kind0 === 'b' ? 0.2 : 0;
  const losses = [
    number('x0') ** 2 + (number('x2') - 0.5) ** 2 + rate + number('layers0') / 32 + kind,
    (1 - number('x0')) ** 2 + number('x3') + number('layers1') / 32,
  ];
  return Object.fromEntries(losses.slice(0, objectives).map((loss, k) => [`loss${k}`, loss]));
}

/** The parameters of a finished trial, drawn at random. */
export function paramsOf(space: SearchSpace, number: number): Params {
  return completeParams(space, {}, {}, createRandom(1, number));
}
