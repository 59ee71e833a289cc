/** A part of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** How many items the whole list has. */
  readonly totalCount: number;
  readonly hasNextPage: boolean;
  /** With it as `after`, the next page begins after this one; null when this one is empty. */
  readonly endCursor: string | null;
}

/** Which part of a list. */
export interface PageRange {
  /** How many items at most; 50 where absent. */
  readonly first?: number;
  /** The `endCursor` of the page before; absent: from the beginning. */
  readonly after?: string;
}

interface Connection<Node> {
  readonly edges: readonly { readonly node: Node }[];
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

export function pageOf<Node, T>(connection: Connection<Node>, convert: (node: Node) => T): Page<T> {
  return {
    items: connection.edges.map(({ node }) => convert(node)),
    totalCount: connection.totalCount,
    ...connection.pageInfo,
  };
}

/** The items of all pages, each read when its turn comes. */
export async function* eachItem<T>(
  readPage: (range: Required<Pick<PageRange, 'first'>> & PageRange) => Promise<Page<T>>,
): AsyncGenerator<T, void> {
  const first = 100;
  let page = await readPage({ first });
  for (;;) {
    yield* page.items;
    if (!page.hasNextPage || page.endCursor === null) return;
    page = await readPage({ first, after: page.endCursor });
  }
}
