/*
 * The schema's Float64Array and Int32Array: base64 of little-endian numbers. Typed arrays are little-endian wherever
 * browsers and Node run in practice.
 */

export function packFloat64s(numbers: readonly number[]): string {
  return toBase64(new Uint8Array(Float64Array.from(numbers).buffer));
}

export function packInt32s(numbers: readonly number[]): string {
  return toBase64(new Uint8Array(Int32Array.from(numbers).buffer));
}

export function unpackFloat64s(packed: string): Float64Array {
  return new Float64Array(fromBase64(packed).buffer);
}

export function unpackInt32s(packed: string): Int32Array {
  return new Int32Array(fromBase64(packed).buffer);
}

// Node's Buffer is some fifty times as fast as btoa, which is all that older browsers have.
const NodeBuffer = (globalThis as { Buffer?: typeof Buffer }).Buffer;
/** Arguments that one call can take on every engine. */
const callLimit = 0x8000;

function toBase64(bytes: Uint8Array<ArrayBuffer>): string {
  if (NodeBuffer) return NodeBuffer.from(bytes.buffer).toString('base64');
  let text = '';
  for (let i = 0; i < bytes.length; i += callLimit) {
    text += String.fromCharCode(...bytes.subarray(i, i + callLimit));
  }
  return btoa(text);
}

const readBase64 = (Uint8Array as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> }).fromBase64;

/** The bytes in a buffer of their own, so that typed arrays can lie on it. */
function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  if (NodeBuffer) return new Uint8Array(NodeBuffer.from(text, 'base64'));
  if (readBase64) return readBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
