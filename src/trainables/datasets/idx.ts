const unsignedByte = 0x08;

/**
 * Decodes a whole file of unsigned bytes in IDX, the format of MNIST (http://yann.lecun.com/exdb/mnist).
 * Returns its values, row-major, as a view of the file's bytes; throws an Error unless they have the expected shape.
 */
export function decodeIdx(file: Uint8Array, shape: readonly number[]): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 4 || view.getUint16(0) !== 0) throw new Error('it does not begin like an IDX file');
  const type = file[2]!;
  if (type !== unsignedByte) throw new Error(`its values are of the type 0x${type.toString(16)}, not bytes`);
  const rank = file[3]!;
  const headerLength = 4 + 4 * rank;
  if (file.length < headerLength) throw new Error('its header is cut short');

  const found = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  if (found.join() !== shape.join()) {
    throw new Error(`it holds ${found.join(' x ')} values, not ${shape.join(' x ')}`);
  }
  const size = shape.reduce((product, length) => product * length, 1);
  if (file.length !== headerLength + size) {
    throw new Error(`its header announces ${size} bytes, but ${file.length - headerLength} follow it`);
  }
  return file.subarray(headerLength);
}
