import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema';
import type { Fault } from './faults.ts';
import type { JsonFields } from './json-fields.ts';

export interface SpaceFault extends Fault {
  /** Null where it is about the constraints. */
  readonly parameter: string | null;
}

/** What a search space breaks of the server's JSON Schema of search spaces, parameter by parameter. */
export type SpaceCheck = (space: JsonFields) => readonly SpaceFault[];

/** Errors of these keywords only say that something within is wrong. */
const around = new Set(['$ref', 'properties', 'additionalProperties', 'items', 'if']);

/** @param schema what GET /schemas/search-space.json answers */
export function spaceCheck({ $defs = {} }: Schema): SpaceCheck {
  const { oneOf, ...anyParameter } = $defs.parameter as Schema;
  const validators = new Map<string, Validator>();
  const validatorOf = (value: unknown): Validator => {
    // By its type, so that only what this type wants is told.
    const type = (value as { readonly type?: unknown } | null)?.type;
    const name = typeof type === 'string' && type in $defs ? type : '';
    const schema = name === '' ? anyParameter : { $defs, $ref: `#/$defs/${name}` };
    const validator = validators.get(name) ?? new Validator(schema, '2020-12', false);
    validators.set(name, validator);
    return validator;
  };
  const constraints = new Validator({ $defs, $ref: '#/$defs/constraints' }, '2020-12', false);
  return (space) =>
    Object.entries(space).flatMap(([name, value]) => {
      const isConstraints = name === '$constraints';
      const { errors } = (isConstraints ? constraints : validatorOf(value)).validate(value);
      return innermost(errors).map(({ place, message }) => ({
        path: `searchSpace.${name}${place.slice(1).replaceAll('/', '.')}`,
        message,
        parameter: isConstraints ? null : name,
      }));
    });
}

function innermost(errors: readonly OutputUnit[]): readonly { place: string; message: string }[] {
  const formless = errors
    .filter(({ keyword }) => keyword === 'anyOf')
    .map(({ instanceLocation }) => instanceLocation);
  const found = errors
    .filter(({ keyword }) => !around.has(keyword))
    .map(({ keyword, instanceLocation: place, error }) => {
      // What each of several forms would want only confuses.
      const outer = formless.find((other) => place === other || place.startsWith(`${other}/`));
      if (outer !== undefined) return { place: outer, message: 'has none of the forms that it may have.' };
      return { place, message: keyword === 'false' ? 'is not known here.' : error };
    });
  return [...new Map(found.map((fault) => [fault.place + fault.message, fault])).values()];
}
