export type JsonScalar = string | number | boolean | null;
export type Json = JsonScalar | readonly Json[] | { readonly [key: string]: Json };

/** A trial's parameters by name; those whose conditions do not hold are absent. */
export type Params = Readonly<Record<string, JsonScalar>>;

/** Final values by metric. */
export type Values = Readonly<Record<string, number>>;

/** Columns by name, one entry a trial. */
export type Columns<T> = Readonly<Record<string, readonly T[]>>;
