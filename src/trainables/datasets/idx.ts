const unsignedByte = 0x08;

/** The values of an IDX file, row-major, with the length of each axis. */
export interface IdxValues {
  readonly shape: readonly number[];
  /** A view of the file's bytes. */
  readonly values: Uint8Array;
}

/**
 * Decodes a whole file of unsigned bytes in IDX, the format of MNIST (http://yann.lecun.com/exdb/mnist).
 * @throws Error that says what is wrong with it
 */
export function decodeIdx(file: Uint8Array): IdxValues {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 4 || view.getUint16(0) !== 0) throw new Error('it does not begin like an IDX file');
  const type = file[2]!;
  if (type !== unsignedByte) throw new Error(`its values are of the type 0x${type.toString(16)}, not bytes`);
  const rank = file[3]!;
  const headerLength = 4 + 4 * rank;
  if (file.length < headerLength) throw new Error('its header is cut short');

  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = shape.reduce((product, length) => product * length, 1);
  if (file.length !== headerLength + size) {
    throw new Error(`its header announces ${size} bytes, but ${file.length - headerLength} follow it`);
  }
  return { shape, values: file.subarray(headerLength) };
}
