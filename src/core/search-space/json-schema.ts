import type { NumberRule } from '../field-reader.ts';
import { constraintsKey } from './space.ts';
import { comparisons, type Field, normalPriorFields, parameterFields, spaceLimits } from './space-fields.ts';

type Schema = { readonly [keyword: string]: unknown };

const scalar: Schema = { type: ['string', 'number', 'boolean', 'null'] };
const ref = (name: string): Schema => ({ $ref: `#/$defs/${name}` });

/**
 * The JSON Schema (2020-12) of search spaces: all that can be said of one field by itself. What it cannot say, such as
 * `low` above `high`, a condition on a parameter that is not there, or constraints that contradict each other, only
 * `parseSearchSpace` finds.
 */
export function searchSpaceSchema(): Schema {
  const types = Object.keys(parameterFields) as (keyof typeof parameterFields)[];
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Search space',
    description: 'Parameters by name, and linear constraints between them.',
    type: 'object',
    properties: { [constraintsKey]: ref('constraints') },
    propertyNames: {
      anyOf: [
        { const: constraintsKey },
        { maxLength: spaceLimits.nameLength, pattern: '^(?!\\$)(?!__proto__$)[\\s\\S]*\\S' },
      ],
    },
    additionalProperties: ref('parameter'),
    maxProperties: spaceLimits.parameters + 1,
    $defs: {
      parameter: {
        type: 'object',
        required: ['type'],
        properties: { type: { enum: types } },
        oneOf: types.map(ref),
      },
      ...Object.fromEntries(types.map((type) => [type, parameterSchema(type)])),
      ...parts,
    },
  };
}

function parameterSchema(type: keyof typeof parameterFields): Schema {
  const fields: Readonly<Record<string, Field>> = parameterFields[type];
  const properties = Object.entries(fields).map(([name, field]) => [name, fieldSchema(type, field)]);
  return {
    type: 'object',
    properties: { type: { const: type }, ...Object.fromEntries(properties) },
    required: ['type', ...Object.keys(fields).filter((name) => isRequired(name, fields[name]!))],
    additionalProperties: false,
    ...('log' in fields ? logRules : {}),
  };
}

function isRequired(name: string, field: Field): boolean {
  return field.kind === 'choices' || name === 'value' || (field.kind === 'number' && !!field.rule.required);
}

/** A logarithm needs numbers above 0, and has no even steps. */
const logRules: Schema = {
  if: { properties: { log: { const: true } }, required: ['log'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { properties: { low: { type: 'number', exclusiveMinimum: 0 }, step: { type: 'null' } } },
};

function fieldSchema(type: keyof typeof parameterFields, field: Field): Schema {
  switch (field.kind) {
    case 'number':
      return numberSchema(field.rule);
    case 'boolean':
      return { type: ['boolean', 'null'] };
    case 'scalar':
      if (type === 'float') return numberSchema({});
      return type === 'int' ? numberSchema({ integer: true }) : scalar;
    default:
      return ref(field.kind);
  }
}

/** As `FieldReader.number` reads it: where it is not required, null stands for nothing. */
function numberSchema({ required, integer, min, max, above }: NumberRule): Schema {
  const name = integer ? 'integer' : 'number';
  const least = integer ? Math.max(min ?? Number.NEGATIVE_INFINITY, Number.MIN_SAFE_INTEGER) : min;
  const most = integer ? Math.min(max ?? Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER) : max;
  return {
    type: required ? name : [name, 'null'],
    ...(least === undefined ? {} : { minimum: least }),
    ...(most === undefined ? {} : { maximum: most }),
    ...(above === undefined ? {} : { exclusiveMinimum: above }),
  };
}

const optionalNumber = numberSchema({});
const given = (name: string, type: string): Schema => ({
  properties: { [name]: { type } },
  required: [name],
});

const parts = {
  choices: {
    type: 'array',
    items: scalar,
    minItems: 1,
    maxItems: spaceLimits.choices,
    uniqueItems: true,
  },
  normalPrior: {
    type: ['object', 'null'],
    properties: { mean: numberSchema(normalPriorFields.mean), sd: numberSchema(normalPriorFields.sd) },
    required: ['mean', 'sd'],
    additionalProperties: false,
  },
  weightedPrior: {
    type: ['object', 'null'],
    properties: {
      weights: {
        type: 'array',
        items: { type: 'number', minimum: 0 },
        contains: { type: 'number', exclusiveMinimum: 0 },
        maxItems: spaceLimits.choices,
      },
    },
    required: ['weights'],
    additionalProperties: false,
  },
  condition: { type: ['object', 'null'], additionalProperties: ref('test') },
  test: {
    anyOf: [
      scalar,
      {
        type: 'object',
        properties: {
          in: { type: ['array', 'null'], items: scalar, minItems: 1 },
          ...Object.fromEntries(comparisons.map((name) => [name, optionalNumber])),
        },
        additionalProperties: false,
        anyOf: [given('in', 'array'), ...comparisons.map((name) => given(name, 'number'))],
      },
    ],
  },
  constraints: {
    type: ['array', 'null'],
    maxItems: spaceLimits.constraints,
    items: {
      type: 'object',
      properties: {
        sum: {
          type: 'object',
          additionalProperties: { type: 'number', not: { const: 0 } },
          minProperties: 1,
        },
        lte: optionalNumber,
        gte: optionalNumber,
        when: ref('condition'),
      },
      required: ['sum'],
      additionalProperties: false,
      anyOf: [given('lte', 'number'), given('gte', 'number')],
    },
  },
} as const satisfies Record<string, Schema>;
