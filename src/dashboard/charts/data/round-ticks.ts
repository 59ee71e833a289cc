/** Smaller numbers have fewer digits, down to one. */
const smallest = 1e-305;
/** Beyond, quotients are rounded by so much that a mark too many could come out at either end. */
const mostCounted = 1e15;

/**
 * Round numbers within a range, 1, 2 or 5 times a power of ten apart, of any size from 1e-300 to 1e300.
 * @param steps how many there are at most; two are allowed at least
 * @returns in ascending order; none of a range whose extent is nothing, or too little for its numbers' digits
 */
export function roundTicks(low: number, high: number, steps: number): readonly number[] {
  // Halves, as the extent of a range may be larger than the largest number.
  const least = (high / 2 - low / 2) / (Math.max(2, steps) / 2);
  if (!(least > smallest) || !Number.isFinite(least)) return [];
  let power = Math.floor(Math.log10(least));
  // The rounding of a logarithm may be off by one.
  if (Number(`1e${power + 1}`) <= least) power += 1;
  const digit = [1, 2, 5, 10].find((candidate) => Number(`${candidate}e${power}`) >= least) ?? 10;
  const step = Number(`${digit}e${power}`);
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step);
  if (Math.abs(first * digit) > mostCounted || Math.abs(last * digit) > mostCounted) return [];
  // From the decimal text, so that three steps of 0.1 are 0.3.
  return Array.from({ length: last - first + 1 }, (_, i) => Number(`${(first + i) * digit}e${power}`));
}

/** Shorter than this many powers of ten, a logarithmic axis is marked as a linear one. */
const shortDecades = 0.6;

/**
 * Round numbers within a range of a logarithmic axis: 1, 2 and 5 times powers of ten where there is room for so many, else
 * powers of ten, or every n-th of them.
 * @param steps about how many there are at most
 * @returns in ascending order; none of a range that is not above zero
 */
export function logTicks(low: number, high: number, steps: number): readonly number[] {
  if (!(low > 0 && high > low) || high === Number.POSITIVE_INFINITY) return [];
  const [first, last] = [Math.log10(low), Math.log10(high)];
  const decades = last - first;
  if (decades < shortDecades) return roundTicks(low, high, steps);
  const digits = steps >= 3 * decades ? [1, 2, 5] : [1];
  const stride = Math.max(1, Math.ceil(decades / Math.max(2, steps)));
  const powers = Array.from(
    { length: Math.floor((last - first) / stride) + 3 },
    (_, i) => (Math.floor(first / stride) + i) * stride,
  );
  const ticks = powers.flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)));
  const within = ticks.filter((tick) => tick >= low && tick <= high);
  if (within.length > 1) return within;
  // The ends of a very long range may fall just beside every n-th power.
  if (stride > 1) return logTicks(low, high, 2 * steps);
  const linear = roundTicks(low, high, steps);
  return linear.length > within.length ? linear : within;
}
