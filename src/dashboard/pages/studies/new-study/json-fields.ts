import type { Json } from '../../../../client/index.ts';

export type JsonFields = Readonly<Record<string, Json>>;

/** An object with one field changed; undefined takes it out. */
export function withField(fields: JsonFields, name: string, value: Json | undefined): JsonFields {
  const { [name]: _, ...others } = fields;
  if (value === undefined) return others;
  // A field that is there keeps its place.
  return name in fields ? { ...fields, [name]: value } : { ...others, [name]: value };
}
