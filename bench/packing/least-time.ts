/** A trial that holds memory for a time. */
export interface Occupant {
  readonly mebibytes: number;
  readonly milliseconds: number;
}

/**
 * A time in which no scheduler can end all trials on one device, however clever: the largest of the longest trial, of
 * what the slots let through, and of what the memory lets through. The last is more than the plain sum of memory times
 * time: as two trials that need more than half the device cannot run at once, memory is first rounded by a dual feasible
 * function (Fekete and Schepers 2001, "New classes of fast lower bounds for bin packing problems", u^(epsilon)): at a
 * threshold e <= C / 2, more than C - e counts as all of C, less than e as nothing; every e gives a bound.
 */
export function leastMilliseconds(
  trials: readonly Occupant[],
  capacityMebibytes: number,
  slots: number,
): number {
  const sum = (of: (trial: Occupant) => number): number =>
    trials.reduce((total, trial) => total + of(trial), 0);
  const longest = Math.max(0, ...trials.map(({ milliseconds }) => milliseconds));
  const bySlots = sum(({ milliseconds }) => milliseconds) / slots;
  const thresholds = trials.flatMap(({ mebibytes }) => [mebibytes, capacityMebibytes - mebibytes + 1e-9]);
  const byMemory = [0, ...thresholds.filter((e) => e <= capacityMebibytes / 2)].map((e) => {
    const counted = (mebibytes: number): number =>
      mebibytes > capacityMebibytes - e ? capacityMebibytes : mebibytes < e ? 0 : mebibytes;
    return sum(({ mebibytes, milliseconds }) => counted(mebibytes) * milliseconds) / capacityMebibytes;
  });
  return Math.max(longest, bySlots, ...byMemory);
}
