import type { JsonScalar } from '../json.ts';

/** What every parameter may have beside its values. */
interface ParameterBase {
  /** The conditions under which it exists; absent: always. */
  readonly when?: Condition;
  /**
   * The value that the first trial of a study has, and that trials from before the parameter was added to the space are
   * taken to have had.
   */
  readonly default?: JsonScalar;
}

/** A real number in [low, high]; `log` samples its logarithm, `step` restricts it to low + k * step. */
export interface FloatParameter extends ParameterBase {
  readonly type: 'float';
  readonly low: number;
  readonly high: number;
  readonly log?: boolean;
  readonly step?: number;
  readonly prior?: NormalPrior;
}

/** An integer in [low, high], both included. */
export interface IntParameter extends ParameterBase {
  readonly type: 'int';
  readonly low: number;
  readonly high: number;
  readonly log?: boolean;
  readonly step?: number;
  readonly prior?: NormalPrior;
}

/** One of a list of scalars; `ordered` says that neighbours in the list are alike. */
export interface CategoricalParameter extends ParameterBase {
  readonly type: 'categorical';
  readonly choices: readonly JsonScalar[];
  readonly ordered?: boolean;
  readonly prior?: WeightedPrior;
}

/** A constant that every trial has; a checked space holds it as a categorical with one choice. */
export interface FixedParameter extends ParameterBase {
  readonly type: 'fixed';
  readonly value: JsonScalar;
}

/** Where good values are believed to lie: a normal around `mean`, cut to the range. */
export interface NormalPrior {
  readonly mean: number;
  /** Its standard deviation as a share of the range, on a `log` parameter of the range of the logarithm. */
  readonly sd: number;
}

/** How likely each choice is believed to be good, in their order; relative to each other. */
export interface WeightedPrior {
  readonly weights: readonly number[];
}

export type Parameter = FloatParameter | IntParameter | CategoricalParameter;
export type ParameterInput = Parameter | FixedParameter;

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

/**
 * `gte` <= sum of coefficient * parameter <= `lte`, where one of the bounds may be absent. A parameter that does not
 * exist in a trial adds nothing, and a constraint of which no parameter exists does not apply.
 */
export interface LinearConstraint {
  readonly sum: { readonly [name: string]: number };
  readonly lte?: number;
  readonly gte?: number;
  /** The conditions under which it applies; absent: always. */
  readonly when?: Condition;
}

/** Under this key, which names no parameter, a space has its constraints. */
export const constraintsKey = '$constraints';

/** What a client writes: parameters by name. Constraints between them stand beside them, under `constraintsKey`. */
export type SearchSpaceInput = { readonly [name: string]: ParameterInput };

/** The parameters of a space as a client wrote them. */
export function parametersOf(input: object): [name: string, parameter: unknown][] {
  return Object.entries(input).filter(([name]) => name !== constraintsKey);
}

/** A checked space. Parents come before their children in `parameters`, otherwise the client's order is kept. */
export interface SearchSpace {
  readonly parameters: readonly NamedParameter[];
  readonly byName: ReadonlyMap<string, NamedParameter>;
  readonly constraints: readonly LinearConstraint[];
  /** Values of the parameters that constraints are about, which keep all of them; empty without constraints. */
  readonly feasiblePoint: Params;
}
export type NamedParameter = Parameter & { readonly name: string };

/** The values of the parameters that exist in one trial. */
export type Params = { readonly [name: string]: JsonScalar };
