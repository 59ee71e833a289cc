import { isJsonObject, type JsonObject } from '../core/json.ts';

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
 * JSON, then the values in little-endian order. Every bit of the values is kept.
 */
export function encodeCheckpoint({ step, state, tensors }: Checkpoint): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = {
    __metadata__: { step: String(step), state: JSON.stringify(state) },
  };
  let end = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    const start = end;
    end += values.byteLength;
    const dtype = values instanceof Float32Array ? 'F32' : 'I32';
    header[name] = { dtype, shape, data_offsets: [start, end] };
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
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
  return { step: Number(step), state: parseObject(state), tensors: Object.fromEntries(tensors) };
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

function parseObject(text: string): JsonObject {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  if (!isJsonObject(parsed)) throw notACheckpoint('has a header that is no JSON object');
  return parsed as JsonObject;
}

function notACheckpoint(fault: string): Error {
  return new Error(`The checkpoint cannot be read: it ${fault}.`);
}
