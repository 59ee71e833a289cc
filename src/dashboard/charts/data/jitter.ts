/** Where a trial's mark stands beside its choice, from -0.3 to 0.3: the same at every drawing. */
export function jitter(trial: number): number {
  // Multiples of the golden ratio spread evenly (Weyl's sequence).
  const share = (trial * 0.618_033_988_749_895) % 1;
  return 0.6 * share - 0.3;
}
