import type { TrialgraphError } from '../../../../client/index.ts';

export interface Fault {
  /** Such as searchSpace.units.low. */
  readonly path: string;
  readonly message: string;
  /** The parameter of the search space that it is about. */
  readonly parameter: string | null;
}

/** What a server found fault with, one by one. */
export function faultsOf(error: TrialgraphError): readonly Fault[] {
  const { faults } = error.details as {
    readonly faults?: readonly { readonly path: string; readonly message: string }[];
  };
  if (faults === undefined || faults.length === 0)
    return [{ path: '', message: error.message, parameter: null }];
  return faults.map(({ path, message }) => ({
    path,
    message,
    parameter: /(?:^|\.)searchSpace\.([^.[]+)/.exec(path)?.[1] ?? null,
  }));
}
