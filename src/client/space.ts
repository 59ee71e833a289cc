import type { JsonScalar } from './json.ts';

/** Tests of other parameters by name; all must hold for a parameter to exist. */
export type Condition = Readonly<Record<string, JsonScalar | ConditionTest>>;
export interface ConditionTest {
  readonly in?: readonly JsonScalar[];
  readonly lt?: number;
  readonly lte?: number;
  readonly gt?: number;
  readonly gte?: number;
}

export interface NumberOptions {
  /** Searches the logarithm. */
  readonly log?: boolean;
  /** Allows only low + k * step. */
  readonly step?: number;
  /** What the first trial has, and what trials from before the parameter was added count as having had. */
  readonly default?: number;
  /** Where good values are believed to lie; `sd` is a share of the range. */
  readonly prior?: { readonly mean: number; readonly sd: number };
  readonly when?: Condition;
}

export interface ChoiceOptions<Choice = JsonScalar> {
  /** Neighbours in the list are alike. */
  readonly ordered?: boolean;
  readonly default?: Choice;
  /** How likely each choice is believed to be good. */
  readonly prior?: { readonly weights: readonly number[] };
  readonly when?: Condition;
}

interface NumberRange<Type extends 'float' | 'int'> {
  readonly type: Type;
  readonly low: number;
  readonly high: number;
}

/** A real number from `low` to `high`. */
export function float<const Options extends NumberOptions = NumberOptions & NoCondition>(
  low: number,
  high: number,
  options?: Options,
): NumberRange<'float'> & Options {
  return { type: 'float', low, high, ...(options as Options) };
}

/** A whole number from `low` to `high`, both included. */
export function int<const Options extends NumberOptions = NumberOptions & NoCondition>(
  low: number,
  high: number,
  options?: Options,
): NumberRange<'int'> & Options {
  return { type: 'int', low, high, ...(options as Options) };
}

/** One of some strings, numbers, booleans and null. */
export function categorical<
  const Choices extends readonly JsonScalar[],
  const Options extends ChoiceOptions<Choices[number]> = ChoiceOptions<Choices[number]> & NoCondition,
>(
  choices: Choices,
  options?: Options,
): { readonly type: 'categorical'; readonly choices: Choices } & Options {
  return { type: 'categorical', choices, ...(options as Options) };
}

/** The same value in every trial. */
export function fixed<
  const Value extends JsonScalar,
  const Options extends { readonly when?: Condition } = NoCondition,
>(value: Value, options?: Options): { readonly type: 'fixed'; readonly value: Value } & Options {
  return { type: 'fixed', value, ...(options as Options) };
}

interface NoCondition {
  readonly when?: never;
}

/** `gte` <= sum of factor * parameter <= `lte`. */
export interface LinearConstraint<Name extends string = string> {
  readonly sum: { readonly [name in Name]?: number };
  readonly lte?: number;
  readonly gte?: number;
  /** Where it applies; absent: everywhere. */
  readonly when?: Condition;
}

type AnyParameter =
  | NumberRange<'float' | 'int'>
  | { readonly type: 'categorical'; readonly choices: readonly JsonScalar[] }
  | { readonly type: 'fixed'; readonly value: JsonScalar };
type Parameters = { readonly [name: string]: AnyParameter & { readonly when?: Condition | undefined } };

type ValueOf<Parameter> = Parameter extends { readonly type: 'float' | 'int' }
  ? number
  : Parameter extends { readonly choices: readonly (infer Choice)[] }
    ? Choice
    : Parameter extends { readonly value: infer Value }
      ? Value
      : never;
type Absence<Parameter> = Parameter extends { readonly when: Condition } ? undefined : never;

declare const paramsType: unique symbol;

/** A search space as it is sent, which knows the type of the params that it gives trials. */
export interface Space<Params extends object> {
  readonly [name: string]: unknown;
  /** Only a type; no such field exists. */
  readonly [paramsType]: Params;
}

/** The params of the trials of a space; those under a condition may be undefined. */
export type ParamsOf<Given> = Given extends Space<infer Params> ? Params : never;

/** Parameters whose conditions name parameters of the space. */
type Checked<Given> = {
  readonly [name in keyof Given]: Given[name] extends { readonly when: infer When }
    ? Exclude<keyof When, keyof Given> extends never
      ? Given[name]
      : { readonly when: { readonly [parent in Exclude<keyof When, keyof Given>]: never } }
    : Given[name];
};

/**
 * A search space of parameters by name, and constraints between them; see docs/search-spaces.md. The server checks it.
 *
 * ```ts
 * const searchSpace = space({
 *   optimizer: categorical(['sgd', 'adam']),
 *   momentum: float(0, 0.99, { when: { optimizer: 'sgd' } }),
 * });
 * ```
 */
export function space<const Given extends Parameters>(
  parameters: Given & Checked<Given>,
  options: { readonly constraints?: readonly LinearConstraint<keyof Given & string>[] } = {},
): Space<{ readonly [name in keyof Given]: ValueOf<Given[name]> | Absence<Given[name]> }> {
  const { constraints } = options;
  return { ...parameters, ...(constraints && { $constraints: constraints }) } as never;
}
