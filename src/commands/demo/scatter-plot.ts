import type { Colors } from 'picocolors/types.js';

/** A trial in the plane of two objectives. */
export interface PlotPoint {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly isOnFront: boolean;
}

export interface PlotOptions {
  /** Characters, axes included. */
  readonly width: number;
  readonly height: number;
  readonly showX: (x: number) => string;
  readonly showY: (y: number) => string;
  readonly colors: Colors;
}

/** A scatter plot in characters; the points of the front are filled and carry their labels. At least one point. */
export function scatterPlot(points: readonly PlotPoint[], options: PlotOptions): string[] {
  const { width, height, showX, showY, colors } = options;
  const [lowX, highX] = extent(points.map(({ x }) => x));
  const [lowY, highY] = extent(points.map(({ y }) => y));
  const axisWidth = Math.max(showY(lowY).length, showY(highY).length);
  const longestLabel = Math.max(...points.map(({ label }) => label.length));
  const plotWidth = width - axisWidth - 2;
  const cells = Array.from({ length: height }, () => Array<string>(plotWidth).fill(' '));

  // The front is drawn last, over what lies in the same place.
  for (const point of [...points].sort((a, b) => Number(a.isOnFront) - Number(b.isOnFront))) {
    const column = Math.round(share(point.x, lowX, highX) * (plotWidth - longestLabel - 2));
    const row = height - 1 - Math.round(share(point.y, lowY, highY) * (height - 1));
    if (!point.isOnFront) {
      cells[row]![column] = colors.dim('○');
      continue;
    }
    cells[row]![column] = colors.green('●');
    [...point.label].forEach((character, i) => {
      cells[row]![column + 1 + i] = character;
    });
  }

  const rows = cells.map((row, i) => {
    const tick = i === 0 ? showY(highY) : i === height - 1 && lowY < highY ? showY(lowY) : '';
    return `${colors.dim(`${tick.padStart(axisWidth)} │`)}${row.join('')}`;
  });
  const right = lowX < highX ? showX(highX) : '';
  const ticks = showX(lowX).padEnd(plotWidth - right.length) + right;
  const indent = ' '.repeat(axisWidth + 1);
  return [...rows, colors.dim(`${indent}└${'─'.repeat(plotWidth)}`), colors.dim(`${indent} ${ticks}`)];
}

function extent(values: readonly number[]): [low: number, high: number] {
  return [Math.min(...values), Math.max(...values)];
}

function share(value: number, low: number, high: number): number {
  return high > low ? (value - low) / (high - low) : 0;
}
