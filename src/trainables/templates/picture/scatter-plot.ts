import { encodePng, type Picture } from './png.ts';

export type Colour = readonly [red: number, green: number, blue: number];

const side = 600;
const margin = 12;
const radius = 3.5;

/** Tableau's ten colours, for classes; with more classes they come again. */
const classColours: readonly Colour[] = [
  [78, 121, 167],
  [242, 142, 43],
  [225, 87, 89],
  [118, 183, 178],
  [89, 161, 79],
  [237, 201, 72],
  [176, 122, 161],
  [255, 157, 167],
  [156, 117, 95],
  [186, 176, 172],
];
/** Of numbers, from the least to the greatest: viridis at equal distances. */
const scale: readonly Colour[] = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
];

export function classColour(index: number): Colour {
  return classColours[index % classColours.length]!;
}

/** The colour of a share of 0 to 1; of the middle for NaN. */
export function scaleColour(share: number): Colour {
  const place = (Number.isNaN(share) ? 0.5 : Math.min(1, Math.max(0, share))) * (scale.length - 1);
  const below = Math.min(scale.length - 2, Math.floor(place));
  const [from, to] = [scale[below]!, scale[below + 1]!];
  return from.map((value, c) => Math.round(value + (place - below) * (to[c]! - value))) as unknown as Colour;
}

/** Points in the plane as a square PNG file on white, both axes of one scale; later points lie over earlier ones. */
export function scatterPlot(points: Float32Array, colourOf: (point: number) => Colour): Uint8Array {
  const [low, high] = [
    [Infinity, Infinity],
    [-Infinity, -Infinity],
  ];
  for (const [i, place] of points.entries()) {
    low[i % 2] = Math.min(low[i % 2]!, place);
    high[i % 2] = Math.max(high[i % 2]!, place);
  }
  const extent = Math.max(high[0]! - low[0]!, high[1]! - low[1]!) || 1;
  const pixelsPer = (side - 2 * margin) / extent;
  const picture: Picture = {
    width: side,
    height: side,
    channels: 3,
    pixels: new Uint8Array(3 * side * side).fill(255),
  };
  for (let point = 0; 2 * point < points.length; point++) {
    const x = side / 2 + (points[2 * point]! - (low[0]! + high[0]!) / 2) * pixelsPer;
    // Upwards, as in any diagram.
    const y = side / 2 - (points[2 * point + 1]! - (low[1]! + high[1]!) / 2) * pixelsPer;
    drawDot(picture, x, y, colourOf(point));
  }
  return encodePng(picture);
}

function drawDot({ pixels }: Picture, x: number, y: number, colour: Colour): void {
  for (let row = Math.ceil(y - radius); row <= y + radius; row++) {
    for (let column = Math.ceil(x - radius); column <= x + radius; column++) {
      if ((column - x) ** 2 + (row - y) ** 2 <= radius ** 2) pixels.set(colour, 3 * (row * side + column));
    }
  }
}
