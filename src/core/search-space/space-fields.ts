import type { NumberRule } from '../field-reader.ts';

/** What a field may hold; the parser and the published JSON Schema both read it here. */
export type Field =
  | { readonly kind: 'number'; readonly rule: NumberRule }
  | { readonly kind: 'boolean' | 'condition' | 'scalar' | 'choices' | 'normalPrior' | 'weightedPrior' };

const number = (rule: NumberRule = {}) => ({ kind: 'number', rule }) as const;
const boolean = { kind: 'boolean' } as const;

const common = { default: { kind: 'scalar' }, when: { kind: 'condition' } } as const;

/** The fields of each type of parameter beside `type`. */
export const parameterFields = {
  float: {
    low: number({ required: true }),
    high: number({ required: true }),
    log: boolean,
    step: number({ above: 0 }),
    prior: { kind: 'normalPrior' },
    ...common,
  },
  int: {
    low: number({ required: true, integer: true }),
    high: number({ required: true, integer: true }),
    log: boolean,
    step: number({ integer: true, above: 0 }),
    prior: { kind: 'normalPrior' },
    ...common,
  },
  categorical: {
    choices: { kind: 'choices' },
    ordered: boolean,
    prior: { kind: 'weightedPrior' },
    ...common,
  },
  fixed: { value: { kind: 'scalar' }, when: common.when },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Field>>>>;

export type ParameterType = keyof typeof parameterFields;
export const parameterTypes = Object.keys(parameterFields) as readonly ParameterType[];

/** The fields of a normal prior. Below a thousandth of the range it would be as good as one value. */
export const normalPriorFields = {
  mean: number({ required: true }).rule,
  sd: number({ required: true, min: 0.001, max: 100 }).rule,
} as const;

/** The comparisons of a condition. */
export const comparisons = ['lt', 'lte', 'gt', 'gte'] as const;

/** What is refused above it. Larger spaces belong to another tool, and every event of a study holds its space. */
export const spaceLimits = {
  parameters: 1000,
  choices: 10_000,
  /** Keeping constraints solves small linear programs, whose cost grows with the cube of these. */
  constraints: 32,
  constrainedParameters: 32,
  nameLength: 200,
} as const;
