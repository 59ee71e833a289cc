import type { Dataset } from '../../datasets/dataset.ts';
import { classColour, scaleColour, scatterPlot } from '../picture/scatter-plot.ts';

/** A CSV file of where examples lie: their numbers in the dataset, x, y, and their class or number. */
export function placesCsv({ train, target }: Dataset, sample: Uint32Array, places: Float32Array): string {
  const name = target.kind === 'class' ? 'class' : target.name;
  const rows = Array.from(sample, (example, i) => {
    const value = train.targets[example]!;
    const shown =
      target.kind === 'class'
        ? quoted(target.classes[value]!)
        : // What it was before it became a 32-bit float.
          Number((target.mean + target.deviation * value).toPrecision(7));
    return `${example},${places[2 * i]},${places[2 * i + 1]},${shown}\n`;
  });
  return `example,x,y,${quoted(name)}\n${rows.join('')}`;
}

/** A picture of the same, coloured by class or number. */
export function placesPicture(
  { train, target }: Dataset,
  sample: Uint32Array,
  places: Float32Array,
): Uint8Array {
  if (target.kind === 'class') return scatterPlot(places, (i) => classColour(train.targets[sample[i]!]!));
  const values = Float64Array.from(sample, (example) => train.targets[example]!);
  const low = values.reduce((least, value) => Math.min(least, value));
  const high = values.reduce((most, value) => Math.max(most, value));
  return scatterPlot(places, (i) => scaleColour((values[i]! - low) / (high - low)));
}

/** As RFC 4180 has it. */
function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
