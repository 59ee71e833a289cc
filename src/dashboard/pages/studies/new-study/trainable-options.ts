import type { Json } from '../../../../client/index.ts';
import type { JsonFields } from './json-fields.ts';
import type { Option, OptionKind } from './option.ts';

interface PropertySchema {
  readonly type?: string;
  readonly enum?: readonly Json[];
  readonly default?: Json;
  readonly description?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
}

/** What a trainable's options are, by the JSON Schema of them; `dataset`, which has a field of its own, is left out. */
export function trainableOptions(name: string, schema: Json): OptionKind {
  const options = Object.entries(propertiesOf(schema)).flatMap(([option, property]) => {
    const kind = option === 'dataset' ? null : kindOf(property);
    return kind === null ? [] : [{ name: option, label: option, ...kind, ...textsOf(property) }];
  });
  return { name, hint: '', options };
}

/** The dataset that a trainable takes where none is chosen; undefined where it takes none. */
export function usualDataset(schema: Json): string | undefined {
  const { dataset } = propertiesOf(schema);
  return dataset && String(dataset.default ?? '');
}

/** Without those that a trainable of this schema does not take. */
export function knownOptions(options: JsonFields, schema: Json): JsonFields {
  if (schema === null) return options;
  const known = propertiesOf(schema);
  return Object.fromEntries(Object.entries(options).filter(([name]) => name in known));
}

function propertiesOf(schema: Json): Readonly<Record<string, PropertySchema>> {
  const { properties } = (schema ?? {}) as JsonFields;
  return (properties ?? {}) as unknown as Readonly<Record<string, PropertySchema>>;
}

/** Null for what has no field, and is edited as JSON. */
function kindOf(
  property: PropertySchema,
): Pick<Option, 'kind' | 'choices' | 'integer' | 'min' | 'max' | 'above'> | null {
  const { type, minimum, exclusiveMinimum, maximum } = property;
  if (property.enum?.every((choice) => typeof choice === 'string')) {
    return { kind: 'choice', choices: property.enum };
  }
  if (type === 'boolean') return { kind: 'flag' };
  if (type === 'string') return { kind: 'text' };
  if (type !== 'number' && type !== 'integer') return null;
  return {
    kind: 'number',
    integer: type === 'integer',
    ...(minimum !== undefined && { min: minimum }),
    ...(exclusiveMinimum !== undefined && { above: exclusiveMinimum }),
    ...(maximum !== undefined && { max: maximum }),
  };
}

function textsOf({ default: usual, description }: PropertySchema): Pick<Option, 'usual' | 'help'> {
  return {
    ...(usual !== undefined && { usual: String(usual) }),
    ...(description !== undefined && { help: description }),
  };
}
