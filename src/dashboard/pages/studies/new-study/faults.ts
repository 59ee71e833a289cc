import { createContext, useContext } from 'react';
import { TrialgraphError } from '../../../../client/index.ts';

export interface Fault {
  /** Such as searchSpace.units.low; empty where it is about no field. */
  readonly path: string;
  readonly message: string;
}

/** What the server found wrong with the study as it was last sent. */
export const Faults = createContext<readonly Fault[]>([]);

/** What is wrong with a field of the input, or with what is within it; null for nothing. */
export function useFault(path: string): string | null {
  const faults = useContext(Faults).filter((fault) => isWithin(fault.path, path));
  if (faults.length === 0) return null;
  return faults
    .map(({ path: at, message }) => `${at.slice(path.length).replace(/^\./, '')} ${message}`.trim())
    .join(' ');
}

/** What is wrong with a part of the input as a whole, or with one of these fields of it; null for nothing. */
export function useFaultAt(path: string, fields: readonly string[]): string | null {
  const found = useContext(Faults).filter((fault) =>
    [path, ...fields.map((field) => `${path}.${field}`)].includes(fault.path),
  );
  return (
    found.map((fault) => `${fault.path.slice(path.length + 1)} ${fault.message}`.trim()).join(' ') || null
  );
}

/** Whether a path is the other, or leads to something in it. */
export function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);
}

/** The path of a field whose name may be anything, as the server writes it. */
export function fieldPath(outer: string, name: string): string {
  return /^[A-Za-z_$][\w$-]*$/.test(name) ? `${outer}.${name}` : `${outer}[${JSON.stringify(name)}]`;
}

/** What a server found fault with, one by one. */
export function faultsOf(error: unknown): readonly Fault[] {
  const { message } = error as Error;
  if (!(error instanceof TrialgraphError)) return [{ path: '', message }];
  // Nothing but its name can be in the way of another study.
  if (error.code === 'CONFLICT') return [{ path: 'name', message }];
  const { faults = [] } = error.details as { readonly faults?: readonly Fault[] };
  return faults.length > 0 ? faults : [{ path: '', message }];
}
