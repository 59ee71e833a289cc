/** What a GraphQL float can carry: null for NaN, infinities and nothing. */
export function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
