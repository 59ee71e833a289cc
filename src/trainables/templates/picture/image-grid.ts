import { encodePng, type Picture } from './png.ts';

/** Pixels a side that an image has at least in the picture. */
const leastSide = 56;
const gap = 2;

/**
 * Images side by side as a PNG file, `columns` in a row, small ones enlarged.
 * @param images one after the other, values in [0, 1]; those of 1 channel are grey, of 3 or more coloured
 */
export function imageGrid(
  images: Float32Array,
  [height, width, channels]: readonly [number, number, number],
  columns: number,
): Uint8Array {
  const count = images.length / (height * width * channels);
  const scale = Math.max(1, Math.ceil(leastSide / Math.max(height, width)));
  const cell = [height * scale + gap, width * scale + gap] as const;
  const shown = channels >= 3 ? 3 : 1;
  const picture: Picture = {
    height: Math.ceil(count / columns) * cell[0] - gap,
    width: columns * cell[1] - gap,
    channels: shown,
    pixels: new Uint8Array((Math.ceil(count / columns) * cell[0] - gap) * (columns * cell[1] - gap) * shown),
  };
  for (let i = 0; i < count; i++) {
    const [top, left] = [Math.floor(i / columns) * cell[0], (i % columns) * cell[1]];
    for (let y = 0; y < height * scale; y++) {
      for (let x = 0; x < width * scale; x++) {
        const from = ((i * height + Math.floor(y / scale)) * width + Math.floor(x / scale)) * channels;
        const to = ((top + y) * picture.width + left + x) * shown;
        for (let c = 0; c < shown; c++) picture.pixels[to + c] = Math.round(255 * images[from + c]!);
      }
    }
  }
  return encodePng(picture);
}
