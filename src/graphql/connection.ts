import type { ObjectRef } from '@pothos/core';
import { InputError } from '../core/errors.ts';
import { builder } from './builder.ts';

export const maxPageSize = 1000;

export interface Edge<T> {
  readonly node: T;
  readonly cursor: string;
}

/** A page of a list: its edges, whether there are more, and the size of the whole list when asked for. */
export interface Connection<T> {
  readonly edges: readonly Edge<T>[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  totalCount(): Promise<number>;
}

const PageInfo = builder.objectRef<Connection<unknown>>('PageInfo').implement({
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage'),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage'),
    startCursor: t.string({ nullable: true, resolve: ({ edges }) => edges[0]?.cursor ?? null }),
    endCursor: t.string({ nullable: true, resolve: ({ edges }) => edges.at(-1)?.cursor ?? null }),
  }),
});

/** The connection and edge types of a node type. */
export function connectionType<T>(name: string, node: ObjectRef<typeof builder.$inferSchemaTypes, T>) {
  const edge = builder.objectRef<Edge<T>>(`${name}Edge`).implement({
    fields: (t) => ({
      node: t.field({ type: node, resolve: (parent) => parent.node as never }),
      cursor: t.exposeString('cursor'),
    }),
  });
  return builder.objectRef<Connection<T>>(`${name}Connection`).implement({
    fields: (t) => ({
      edges: t.field({ type: [edge], resolve: ({ edges }) => edges }),
      pageInfo: t.field({ type: PageInfo, resolve: (connection) => connection }),
      totalCount: t.int({ resolve: (connection) => connection.totalCount() }),
    }),
  });
}

/**
 * A page out of a read that asks for one item more than the page shows.
 * @throws InputError when `first` is out of range
 */
export async function connectionOf<T>(options: {
  first: number;
  isFirstPage: boolean;
  read: (limit: number) => Promise<readonly Edge<T>[]>;
  totalCount: () => Promise<number>;
}): Promise<Connection<T>> {
  const { first, isFirstPage, read, totalCount } = options;
  if (first < 0 || first > maxPageSize) throw InputError.at('first', `must be between 0 and ${maxPageSize}`);
  const edges = await read(first + 1);
  return {
    edges: edges.slice(0, first),
    hasNextPage: edges.length > first,
    hasPreviousPage: !isFirstPage,
    totalCount,
  };
}

/** Opaque page cursors: a JSON value in base64url. */
export function encodeCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** @throws InputError for a cursor that `encodeCursor` did not make */
export function decodeCursor<T>(cursor: string, isValid: (position: unknown) => position is T): T {
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (isValid(position)) return position;
  } catch {
    // falls through: not JSON
  }
  throw InputError.at(
    'after',
    'is not a cursor of this list in this order; use pageInfo.endCursor or an edge’s cursor',
  );
}
