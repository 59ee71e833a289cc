/** The columns that were last chosen for a study's trials, in this browser. */
export function rememberedColumns(study: string): readonly string[] | undefined {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key(study)) ?? 'null');
    if (Array.isArray(stored) && stored.every((id) => typeof id === 'string')) return stored;
  } catch {
    // Storage is refused, or holds something else: as if nothing had been chosen.
  }
  return undefined;
}

export function rememberColumns(study: string, columns: readonly string[] | undefined): void {
  try {
    if (columns === undefined) localStorage.removeItem(key(study));
    else localStorage.setItem(key(study), JSON.stringify(columns));
  } catch {
    // The address has them all the same.
  }
}

const key = (study: string): string => `trialgraph-columns-${study}`;
