type Column = Float64Array | Int32Array | Uint8Array;

/** The column itself if it has `length` places, else a copy that has at least twice as many as before; new places are 0. */
export function grown<C extends Column>(column: C, length: number): C {
  if (length <= column.length) return column;
  const Type = column.constructor as new (length: number) => C;
  const larger = new Type(Math.max(length, 2 * column.length, 64));
  larger.set(column);
  return larger;
}
