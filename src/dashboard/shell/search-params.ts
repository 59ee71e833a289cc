/*
 * Readers for a page's search parameters: each gives the value where it makes sense, and undefined otherwise, so that
 * an old or mistyped link shows the page as it is by default.
 */

/** The parameters of an address as the router has parsed them, from strings or JSON. */
export type RawSearch = Readonly<Record<string, unknown>>;

/** A change of a page's search parameters; undefined takes one out of the address. */
export type Change<Search> = { readonly [Key in keyof Search]?: Search[Key] | undefined };

export function readText(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function readNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Two numbers of which the first is the lower. */
export function readRange(value: unknown): readonly [low: number, high: number] | undefined {
  const [low, high] = readList(readNumber, value) ?? [];
  return low !== undefined && high !== undefined && low < high ? [low, high] : undefined;
}

/** Only true is worth a place in an address. */
export function readFlag(value: unknown): true | undefined {
  return value === true ? true : undefined;
}

export function readOneOf<const T extends string>(choices: readonly T[], value: unknown): T | undefined {
  return choices.find((choice) => choice === value);
}

export function readList<T>(
  readItem: (value: unknown) => T | undefined,
  value: unknown,
): readonly T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items = value.map(readItem).filter((item) => item !== undefined);
  return items.length > 0 ? items : undefined;
}

/** Leaves out what is undefined, so that it does not show in the address. */
export function compact<T extends object>(search: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const entries = Object.entries(search).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof T]?: Exclude<T[Key], undefined> };
}
