import { GraphQLError, valueFromASTUntyped } from 'graphql';
import type { Json } from '../core/json.ts';
import { builder } from './builder.ts';

builder.scalarType('DateTime', {
  description: 'A point in time as ISO 8601 in UTC, such as 2026-01-31T12:00:00.000Z.',
  serialize: (value) => value.toISOString(),
  parseValue: (value) => {
    const date = typeof value === 'string' ? new Date(value) : null;
    if (date === null || Number.isNaN(date.getTime())) throw badInput('DateTime', 'an ISO 8601 string');
    return date;
  },
});

builder.scalarType('JSON', {
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value as Json,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables) as Json,
});

builder.scalarType('Cursor', {
  description: 'An opaque position in a stream of events or points: hand it back to go on from there.',
  serialize: (value) => value,
  parseValue: (value) => {
    if (typeof value !== 'string') throw badInput('Cursor', 'a string that this server gave out');
    return value;
  },
});

builder.scalarType('Float64Array', {
  description: 'Base64 of little-endian float64 numbers; keeps NaN and infinities.',
  serialize: (value) => toBase64(value),
  parseValue: (value) => {
    const bytes = fromBase64('Float64Array', value, 8);
    return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
  },
});

builder.scalarType('Int32Array', {
  description: 'Base64 of little-endian int32 numbers.',
  serialize: (value) => toBase64(value),
  parseValue: (value) => {
    const bytes = fromBase64('Int32Array', value, 4);
    return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  },
});

function toBase64({ buffer, byteOffset, byteLength }: Float64Array | Int32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

/** The bytes, aligned for a typed array of such items. */
function fromBase64(scalar: string, value: unknown, itemBytes: number): Uint8Array {
  if (typeof value !== 'string' || value.length % 4 === 1) throw badInput(scalar, 'a base64 string');
  const decoded = Buffer.from(value, 'base64');
  // Node leaves out what is no base64, and stops at padding; so what is missing tells of it.
  const padding = value.endsWith('==') ? 2 : value.endsWith('=') ? 1 : 0;
  if (decoded.length !== Math.floor(((value.length - padding) * 3) / 4)) {
    throw badInput(scalar, 'a base64 string');
  }
  if (decoded.length % itemBytes !== 0) {
    throw badInput(scalar, `base64 of a multiple of ${itemBytes} bytes, not of ${decoded.length}`);
  }
  return decoded.byteOffset % itemBytes === 0 ? decoded : new Uint8Array(decoded);
}

function badInput(scalar: string, expected: string): GraphQLError {
  return new GraphQLError(`${scalar} must be ${expected}.`, { extensions: { code: 'BAD_USER_INPUT' } });
}
