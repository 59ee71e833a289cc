export type Power = 1 | 2;

/** The sum of the differences, or of their squares: both rank neighbours as the distance would. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>, power: Power): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!) ** power;
  return sum;
}
