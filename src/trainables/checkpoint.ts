import { FaultList, InputError } from '../core/errors.ts';
import { childPath } from '../core/field-reader.ts';
import { isJsonObject, type JsonObject, showJson } from '../core/json.ts';

/** What a trainable needs to go on from a step in another process. */
export interface Checkpoint {
  /** The last step that it contains. */
  readonly step: number;
  /** Everything that is no tensor: counters, places in random streams. */
  readonly state: JsonObject;
  /** Weights, optimizer state and the like. */
  readonly tensors: Readonly<Record<string, CheckpointTensor>>;
}

export interface CheckpointTensor {
  readonly shape: readonly number[];
  /** As many as the product of the shape, in row-major order. */
  readonly values: Float32Array | Int32Array;
}

const lengthBytes = 8;
/** No header of ours is longer: names and shapes of some thousand tensors. */
const maxHeaderBytes = 16_000_000;

/**
 * A checkpoint as a safetensors file, which other programs can read: the length of the header in 8 bytes, the header in
 * JSON, then the values in little-endian order. Every bit of the values is kept, and so are numbers of the state that JSON
 * has not: NaN, infinities and -0.
 * @throws InputError with every fault of what could not be read again: JavaScript lets an author save anything
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  check(checkpoint);
  const { step, state, tensors } = checkpoint;
  const header: Record<string, unknown> = {
    __metadata__: { step: String(step), state: JSON.stringify(state, writeNumber) },
  };
  let end = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    const start = end;
    end += values.byteLength;
    const dtype = values instanceof Float32Array ? 'F32' : 'I32';
    header[name] = { dtype, shape, data_offsets: [start, end] };
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  if (json.length > maxHeaderBytes) {
    const limit = `${maxHeaderBytes / 1e6} MB`;
    throw InputError.at(
      'checkpoint.state',
      `is, with the names and shapes of tensors, larger than ${limit}.`,
    );
  }
  // Padded with spaces, so that the values are aligned.
  const dataStart = lengthBytes + Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(dataStart + end).fill(0x20, lengthBytes, dataStart);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(dataStart - lengthBytes), true);
  bytes.set(json, lengthBytes);
  let place = dataStart;
  for (const { values } of Object.values(tensors)) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), place);
    place += values.byteLength;
  }
  return bytes;
}

/** Where the header keeps the rest, and what no object keeps. */
const reserved = new Set(['__metadata__', '__proto__']);

function check(checkpoint: unknown): void {
  const faults = new FaultList();
  const { step, state, tensors } = (checkpoint ?? {}) as Record<string, unknown>;
  if (!Number.isSafeInteger(step))
    faults.add('checkpoint.step', `must be an integer, not ${showJson(step)}.`);
  if (!isJsonObject(state)) {
    faults.add('checkpoint.state', `must be an object of JSON, {} at the least, not ${showJson(state)}.`);
  }
  if (!isJsonObject(tensors)) {
    faults.add('checkpoint.tensors', `must be an object, {} at the least, not ${showJson(tensors)}.`);
  }
  for (const [name, tensor] of Object.entries(isJsonObject(tensors) ? tensors : {})) {
    const fault = reserved.has(name) ? 'has a name that is reserved; choose another.' : tensorFault(tensor);
    if (fault !== null) faults.add(childPath('checkpoint.tensors', name), fault);
  }
  faults.throwIfAny();
}

function tensorFault(tensor: unknown): string | null {
  const { shape, values } = (tensor ?? {}) as Record<string, unknown>;
  if (!(values instanceof Float32Array || values instanceof Int32Array)) {
    return 'must be { shape, values } with a Float32Array or an Int32Array, which tensor.data() gives.';
  }
  const isShape = Array.isArray(shape) && shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  if (isShape && shape.reduce((product, size) => product * size, 1) === values.length) return null;
  const shown = Array.isArray(shape) ? `[${shape}]` : showJson(shape);
  return `has ${values.length} values, which the shape ${shown} does not have.`;
}

function writeNumber(_: string, value: unknown): unknown {
  if (Object.is(value, -0)) return { $number: '-0' };
  return typeof value !== 'number' || Number.isFinite(value) ? value : { $number: String(value) };
}

function readNumber(_: string, value: unknown): unknown {
  return isJsonObject(value) && typeof value.$number === 'string' ? Number(value.$number) : value;
}

/** @throws Error where the bytes are no whole checkpoint */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < lengthBytes) throw notACheckpoint('is too short');
  const headerBytes = Number(view.getBigUint64(0, true));
  const dataStart = lengthBytes + headerBytes;
  if (headerBytes > maxHeaderBytes || dataStart > bytes.length) throw notACheckpoint('ends in its header');
  const header = parseObject(new TextDecoder().decode(bytes.subarray(lengthBytes, dataStart)));
  const { __metadata__: metadata, ...entries } = header;
  const { step, state } = (metadata ?? {}) as { step?: unknown; state?: unknown };
  if (typeof step !== 'string' || typeof state !== 'string') throw notACheckpoint('has no step or state');
  const tensors = Object.entries(entries).map(([name, entry]) => [
    name,
    readTensor(name, entry, bytes, dataStart),
  ]);
  return { step: Number(step), state: parseObject(state, readNumber), tensors: Object.fromEntries(tensors) };
}

function readTensor(name: string, entry: unknown, bytes: Uint8Array, dataStart: number): CheckpointTensor {
  const { dtype, shape, data_offsets: offsets } = entry as Record<string, unknown>;
  const [start, end] = (offsets ?? []) as number[];
  const isWhole = start !== undefined && end !== undefined && start <= end && dataStart + end <= bytes.length;
  if (!isWhole || !Array.isArray(shape) || (end - start) % 4 !== 0) throw notACheckpoint(`ends in "${name}"`);
  // A copy: the values need not be aligned in what was read.
  const { buffer } = bytes.slice(dataStart + start, dataStart + end);
  return {
    shape: shape as number[],
    values: dtype === 'I32' ? new Int32Array(buffer) : new Float32Array(buffer),
  };
}

function parseObject(text: string, revive?: (key: string, value: unknown) => unknown): JsonObject {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text, revive);
  } catch {
    parsed = undefined;
  }
  if (!isJsonObject(parsed)) throw notACheckpoint('has a header that is no JSON object');
  return parsed as JsonObject;
}

function notACheckpoint(fault: string): Error {
  return new Error(`The checkpoint cannot be read: it ${fault}.`);
}
