import SchemaBuilder from '@pothos/core';
import type { Json } from '../core/json.ts';
import type { GraphqlContext } from './context.ts';

/** The one builder; every feature adds its types and fields to it when its module is loaded. */
export const builder = new SchemaBuilder<{
  Context: GraphqlContext;
  DefaultFieldNullability: false;
  DefaultInputFieldRequiredness: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    JSON: { Input: Json; Output: unknown };
    Cursor: { Input: string; Output: string };
    Float64Array: { Input: Float64Array; Output: Float64Array };
    Int32Array: { Input: Int32Array; Output: Int32Array };
  };
}>({ defaultFieldNullability: false });

builder.queryType();
builder.mutationType();
builder.subscriptionType();
