import type { Random } from '../../core/random.ts';

/**
 * Moves each image of a batch by up to `most` pixels in each direction, in place; what comes in is 0.
 * @param shape height, width, channels
 */
export function shiftImages(
  features: Float32Array,
  [height, width, channels]: readonly [number, number, number],
  most: number,
  random: Random,
): void {
  const size = height * width * channels;
  const row = width * channels;
  const original = new Float32Array(size);
  for (let start = 0; start < features.length; start += size) {
    const image = features.subarray(start, start + size);
    original.set(image);
    image.fill(0);
    const down = random.integer(2 * most + 1) - most;
    const right = (random.integer(2 * most + 1) - most) * channels;
    for (let y = Math.max(0, down); y < Math.min(height, height + down); y++) {
      const from = (y - down) * row;
      const part = original.subarray(from + Math.max(0, -right), from + row - Math.max(0, right));
      image.set(part, y * row + Math.max(0, right));
    }
  }
}
