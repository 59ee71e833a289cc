import { InputError } from '../core/errors.ts';

export type NodeKind = 'study' | 'trial';

/** The id that clients see: `study-12`. */
export function globalId(kind: NodeKind, id: number): string {
  return `${kind}-${id}`;
}

/** @throws InputError at `path` for anything that is not an id of this kind */
export function parseGlobalId(kind: NodeKind, id: string, path = 'id'): number {
  const parsed = parseAnyGlobalId(id);
  if (parsed?.kind !== kind) {
    throw InputError.at(path, `"${id.slice(0, 50)}" is not the id of a ${kind}; those look like ${kind}-12`);
  }
  return parsed.id;
}

export function parseAnyGlobalId(id: string): { kind: NodeKind; id: number } | null {
  const match = /^(study|trial)-([1-9][0-9]{0,9})$/.exec(id);
  if (match === null || Number(match[2]) > 0x7fffffff) return null;
  return { kind: match[1] as NodeKind, id: Number(match[2]) };
}
