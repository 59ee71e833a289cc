/**
 * Columns of numbers in few bytes where they are regular, as steps and wall times mostly are. The first byte tells the
 * form; integers of more than 7 bits take several bytes, the low ones first.
 *
 *   raw     the numbers as they are, little-endian
 *   deltas  the first number, then each one's difference from the one before
 *   runs    the first number, then pairs: a difference, and how many times in a row it comes
 */
const raw = 0;
const deltas = 1;
const runs = 2;

/** Differences of integers up to this fit zigzag encoding within a double's 53 bits. */
const maxInteger = 2 ** 50;
const maxVarintBytes = 8;

type Column = Int32Array | Float64Array;

/** Every bit of the column comes back from `decodeColumn`, -0 and NaN included. */
export function encodeColumn(column: Column): Buffer {
  const changes = column instanceof Int32Array ? countChanges(column) : countChangesOfIntegers(column);
  if (changes === null) return encodeRaw(column);
  // A run of its own for most numbers would cost a byte more for each.
  const encoded = 2 * changes <= column.length ? encodeRuns(column, changes) : encodeDeltas(column);
  return encoded.length < column.byteLength ? encoded : encodeRaw(column);
}

/** Writes a whole encoded column into `target` from `offset` on. */
export function decodeColumn(bytes: Uint8Array, target: Column, offset: number, count: number): void {
  const form = bytes[0]!;
  if (form === raw) {
    const place = new Uint8Array(target.buffer, target.byteOffset + offset * target.BYTES_PER_ELEMENT);
    place.set(bytes.subarray(1, 1 + count * target.BYTES_PER_ELEMENT));
    return;
  }
  if (count === 0) return;
  const reader = new VarintReader(bytes, 1);
  let current = reader.signed();
  target[offset] = current;
  const end = offset + count;
  if (form === deltas) {
    for (let i = offset + 1; i < end; i++) {
      current += reader.signed();
      target[i] = current;
    }
    return;
  }
  for (let i = offset + 1; i < end; ) {
    const delta = reader.signed();
    for (const runEnd = i + reader.unsigned(); i < runEnd; i++) {
      current += delta;
      target[i] = current;
    }
  }
}

/** Pairs of numbers >= 0, such as the commits within a block: each one's distance from the one before, and its points. */
export function encodePairs(pairs: readonly (readonly [number, number])[]): Buffer {
  const writer = new VarintWriter(1 + pairs.length * 2);
  for (const [first, second] of pairs) {
    writer.unsigned(first);
    writer.unsigned(second);
  }
  return writer.bytes();
}

export function decodePairs(bytes: Uint8Array): [number, number][] {
  const reader = new VarintReader(bytes, 0);
  const pairs: [number, number][] = [];
  while (!reader.isAtEnd) pairs.push([reader.unsigned(), reader.unsigned()]);
  return pairs;
}

// Two functions: a loop that meets both kinds of columns takes several times as long.

/** How often a difference is another one than that before it. */
function countChanges(column: Int32Array): number {
  let changes = 0;
  let delta = Number.NaN;
  for (let i = 1; i < column.length; i++) {
    const next = column[i]! - column[i - 1]!;
    if (next !== delta) changes++;
    delta = next;
  }
  return changes;
}

/** The same; null where not all are integers whose differences can be told exactly. */
function countChangesOfIntegers(column: Float64Array): number | null {
  let changes = 0;
  let before = Number.NaN;
  let delta = Number.NaN;
  for (let i = 0; i < column.length; i++) {
    const value = column[i]!;
    // NaN equals nothing; infinities are beyond.
    if (Math.floor(value) !== value || Math.abs(value) >= maxInteger) return null;
    if (value === 0 && Object.is(value, -0)) return null;
    const next = value - before;
    if (i > 0 && next !== delta) changes++;
    before = value;
    delta = next;
  }
  return changes;
}

function encodeRaw({ buffer, byteOffset, byteLength }: Column): Buffer {
  return Buffer.concat([Buffer.of(raw), new Uint8Array(buffer, byteOffset, byteLength)]);
}

function encodeDeltas(column: Column): Buffer {
  const writer = new VarintWriter(1 + column.length, deltas);
  for (let i = 0; i < column.length; i++) writer.signed(i === 0 ? column[i]! : column[i]! - column[i - 1]!);
  return writer.bytes();
}

function encodeRuns(column: Column, changes: number): Buffer {
  const writer = new VarintWriter(2 + 2 * changes, runs);
  if (column.length > 0) writer.signed(column[0]!);
  for (let i = 1; i < column.length; ) {
    const start = i;
    const delta = column[i]! - column[i - 1]!;
    i = column instanceof Int32Array ? endOfRun(column, i, delta) : endOfFloatRun(column, i, delta);
    writer.signed(delta);
    writer.unsigned(i - start);
  }
  return writer.bytes();
}

/** Where the difference to the number before is first another one than `delta`, from `start` on. */
function endOfRun(column: Int32Array, start: number, delta: number): number {
  let end = start;
  while (end < column.length && column[end]! - column[end - 1]! === delta) end++;
  return end;
}

function endOfFloatRun(column: Float64Array, start: number, delta: number): number {
  let end = start;
  while (end < column.length && column[end]! - column[end - 1]! === delta) end++;
  return end;
}

class VarintWriter {
  #bytes: Buffer;
  #length = 0;

  /** @param numbers how many are to be written, or so */
  constructor(numbers: number, form?: number) {
    // Of Node's pool: an array of a few bytes would get memory of its own as soon as a buffer is made of it.
    this.#bytes = Buffer.allocUnsafe(numbers * 2 + maxVarintBytes);
    if (form !== undefined) this.#bytes[this.#length++] = form;
  }

  signed(value: number): void {
    this.unsigned(value < 0 ? -2 * value - 1 : 2 * value);
  }

  unsigned(value: number): void {
    if (this.#length + maxVarintBytes > this.#bytes.length) this.#grow();
    let rest = value;
    while (rest >= 0x80) {
      // Not by bit operations: those know 32 bits only.
      this.#bytes[this.#length++] = (rest % 0x80) + 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
  }

  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(): void {
    const larger = Buffer.allocUnsafe(this.#bytes.length * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

class VarintReader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  signed(): number {
    const value = this.unsigned();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  unsigned(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new Error('A column of metric points is cut short');
      if (byte < 0x80) return value + byte * scale;
      value += (byte - 0x80) * scale;
    }
  }
}
