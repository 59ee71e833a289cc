import type { JsonScalar } from '../json.ts';

/** A real number in [low, high]; `log` samples its logarithm, `step` restricts it to low + k * step. */
export interface FloatParameter {
  readonly type: 'float';
  readonly low: number;
  readonly high: number;
  readonly log?: boolean;
  readonly step?: number;
  readonly when?: Condition;
}

/** An integer in [low, high], both included. */
export interface IntParameter {
  readonly type: 'int';
  readonly low: number;
  readonly high: number;
  readonly log?: boolean;
  readonly step?: number;
  readonly when?: Condition;
}

/** One of a list of scalars; `ordered` says that neighbours in the list are alike. */
export interface CategoricalParameter {
  readonly type: 'categorical';
  readonly choices: readonly JsonScalar[];
  readonly ordered?: boolean;
  readonly when?: Condition;
}

export type Parameter = FloatParameter | IntParameter | CategoricalParameter;

/**
 * A parameter exists only where every named parent exists and meets its test:
 * `{"optimizer": "sgd"}`, `{"optimizer": {"in": ["sgd", "rmsprop"]}}`, `{"layers": {"gte": 2, "lt": 5}}`.
 */
export type Condition = { readonly [parent: string]: Test };
export type Test = JsonScalar | Comparisons;
export interface Comparisons {
  readonly in?: readonly JsonScalar[];
  readonly lt?: number;
  readonly lte?: number;
  readonly gt?: number;
  readonly gte?: number;
}

/** What a client writes: parameters by name. */
export type SearchSpaceInput = { readonly [name: string]: Parameter };

/** A checked space. Parents come before their children in `parameters`, otherwise the client's order is kept. */
export interface SearchSpace {
  readonly parameters: readonly NamedParameter[];
  readonly byName: ReadonlyMap<string, NamedParameter>;
}
export type NamedParameter = Parameter & { readonly name: string };

/** The values of the parameters that exist in one trial. */
export type Params = { readonly [name: string]: JsonScalar };
