/**
 * Array parameters in PostgreSQL's binary form, which costs neither side the parsing of text:
 * dimensions, whether there are nulls, the element's type; length and lower bound; then each element after its length.
 */
const headerBytes = 20;
const lengthBytes = 4;

const oids = { bytea: 17, int4: 23, text: 25, float8: 701 } as const;

export function int4Array(numbers: readonly (number | null)[]): Buffer {
  return fixedArray('int4', 4, numbers, (bytes, value, at) => bytes.writeInt32BE(value, at));
}

export function float8Array(numbers: readonly (number | null)[]): Buffer {
  return fixedArray('float8', 8, numbers, (bytes, value, at) => bytes.writeDoubleBE(value, at));
}

export function textArray(texts: readonly string[]): Buffer {
  return byteArray(
    'text',
    texts.map((text) => Buffer.from(text)),
  );
}

export function byteaArray(items: readonly Uint8Array[]): Buffer {
  return byteArray('bytea', items);
}

function fixedArray(
  type: keyof typeof oids,
  width: number,
  values: readonly (number | null)[],
  write: (bytes: Buffer, value: number, at: number) => void,
): Buffer {
  const bytes = Buffer.allocUnsafe(headerBytes + values.length * (lengthBytes + width));
  writeHeader(bytes, type, values.length, values.includes(null));
  let at = headerBytes;
  for (const value of values) {
    at = bytes.writeInt32BE(value === null ? -1 : width, at);
    if (value === null) continue;
    write(bytes, value, at);
    at += width;
  }
  return bytes.subarray(0, at);
}

function byteArray(type: keyof typeof oids, items: readonly Uint8Array[]): Buffer {
  const size = items.reduce((sum, item) => sum + lengthBytes + item.length, headerBytes);
  const bytes = Buffer.allocUnsafe(size);
  writeHeader(bytes, type, items.length, false);
  let at = headerBytes;
  for (const item of items) {
    at = bytes.writeInt32BE(item.length, at);
    bytes.set(item, at);
    at += item.length;
  }
  return bytes;
}

function writeHeader(bytes: Buffer, type: keyof typeof oids, length: number, hasNulls: boolean): void {
  bytes.writeInt32BE(1, 0);
  bytes.writeInt32BE(hasNulls ? 1 : 0, 4);
  bytes.writeInt32BE(oids[type], 8);
  bytes.writeInt32BE(length, 12);
  bytes.writeInt32BE(1, 16);
}
