/**
 * The text of one GraphQL operation that carries the types of its result and variables. Any string is one; so are the
 * documents that GraphQL Code Generator makes with `documentMode: 'string'`.
 */
// biome-ignore lint/complexity/noBannedTypes: the generator's documents are String objects
export interface TypedDocument<Result, Variables> extends String {
  /** Never there at run time. */
  readonly __apiType?: (variables: Variables) => Result;
}
