/** An IDX file of unsigned bytes, the format of MNIST: http://yann.lecun.com/exdb/mnist */
export interface IdxArray {
  readonly shape: readonly number[];
  /** Row-major, a view of the file's own bytes. */
  readonly values: Uint8Array;
}

const unsignedByte = 0x08;

/** Decodes a whole IDX file; throws an Error that says what is wrong with it. */
export function decodeIdx(file: Uint8Array): IdxArray {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 4 || view.getUint16(0) !== 0)
    throw new Error('not an IDX file: it must begin with two zeros');
  const type = file[2]!;
  if (type !== unsignedByte) {
    throw new Error(
      `its values have the type 0x${type.toString(16)}, but only 0x8 (unsigned bytes) can be read`,
    );
  }
  const rank = file[3]!;
  const headerLength = 4 + 4 * rank;
  if (rank === 0 || file.length < headerLength) throw new Error('its header is cut short');
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = shape.reduce((product, length) => product * length, 1);
  if (file.length !== headerLength + size) {
    throw new Error(
      `its header announces ${shape.join(' x ')} values, but ${file.length - headerLength} bytes follow it`,
    );
  }
  return { shape, values: file.subarray(headerLength) };
}
