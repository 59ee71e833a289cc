import { parse } from 'csv-parse/sync';
import * as z from 'zod';
import { type Dataset, type DatasetTarget, sharedFloats, sharedNumbers } from './dataset.ts';
import { buildVocabulary, encodeText, wordsOf } from './text-vocabulary.ts';

/** What a file NAME.json beside NAME.csv may say; every part has a default. */
export const csvDescription = z.strictObject({
  /** The column to predict; the last one by default. */
  target: z.string().optional(),
  /** `classification`: the target's values are classes, as they are by default unless all are numbers. */
  task: z.enum(['classification', 'regression'], 'must be classification or regression').optional(),
  /** The column with the texts; by default the only other column, where its values have several words. */
  text: z.string().optional(),
  /** Words that are told apart. */
  vocabulary: z.int().min(10).max(60_000).default(2_000),
  /** Words of a text that are looked at. */
  words: z.int().min(1).max(10_000).default(64),
  /** Columns that are left out. */
  ignore: z.array(z.string()).default([]),
});
export type CsvDescription = z.infer<typeof csvDescription>;

const noExamples = { count: 0, features: sharedFloats(0), targets: sharedFloats(0) };
const maxClasses = 1_000;
/** A column with more different texts than this is no choice but a name or an id. */
const maxChoices = 50;
/** A column of whole numbers with so few values is a class, not a quantity. */
const maxNumericClasses = 2;

/**
 * A table with a header line: columns of numbers, of choices, or one of texts, and one to predict. Rows without a target
 * are left out; a missing number becomes the column's mean.
 * @throws Error with the line or column and the remedy
 */
export function readCsvDataset(name: string, content: Buffer, description: CsvDescription): Dataset {
  const { header, rows } = readTable(content);
  const target = columnOf(header, description.target ?? header.at(-1)!);
  const labelled = rows.filter((row) => row[target] !== '');
  if (labelled.length < 2)
    throw new Error(`it has ${labelled.length} rows with a ${header[target]}; give 2 or more`);
  const ignored = new Set(description.ignore.map((column) => columnOf(header, column)));
  const inputs = [...header.keys()].filter((column) => column !== target && !ignored.has(column));
  const { kind, targets } = readTarget(
    header[target]!,
    labelled.map((row) => row[target]!),
    description.task,
  );

  const text = textColumn(header, inputs, labelled, description);
  const { input, features } =
    text === null
      ? readColumns(header, inputs, labelled)
      : readTexts(
          labelled.map((row) => row[text]!),
          description,
        );
  return {
    name,
    input,
    target: kind,
    train: { count: labelled.length, features, targets },
    test: noExamples,
  };
}

function readTable(content: Buffer): { header: string[]; rows: string[][] } {
  const lines = parse(content, { bom: true, trim: true, skip_empty_lines: true }) as string[][];
  const [header, ...rows] = lines;
  if (header === undefined)
    throw new Error('it is empty; give a line with the names of the columns, and rows');
  const repeated = header.find((column, i) => header.indexOf(column) !== i);
  if (repeated !== undefined)
    throw new Error(`it has two columns "${repeated}"; give each a name of its own`);
  if (header.length < 2)
    throw new Error('it has one column; give one to predict and others to predict it from');
  return { header, rows };
}

function columnOf(header: readonly string[], name: string): number {
  const column = header.indexOf(name);
  if (column < 0) throw new Error(`it has no column "${name}"; it has ${header.join(', ')}`);
  return column;
}

function readTarget(
  name: string,
  values: readonly string[],
  task: CsvDescription['task'],
): { kind: DatasetTarget; targets: Float32Array | Uint16Array } {
  const classes = [...new Set(values)];
  const areNumbers = values.every(isNumber);
  const isQuantity =
    task === 'regression' || (task === undefined && areNumbers && classes.length > maxNumericClasses);
  if (isQuantity) {
    const wrong = values.find((value) => !isNumber(value));
    if (wrong !== undefined) throw new Error(`its column "${name}" holds "${wrong}", which is no number`);
    const column = standardise(values.map(Number));
    const targets = sharedFloats(values.length);
    targets.set(column.values);
    return { kind: { kind: 'number', name, mean: column.mean, deviation: column.deviation }, targets };
  }
  if (classes.length > maxClasses) {
    throw new Error(
      `its column "${name}" has ${classes.length} different values; classes are at most ${maxClasses}`,
    );
  }
  classes.sort(areNumbers ? (a, b) => Number(a) - Number(b) : undefined);
  const places = new Map(classes.map((value, i) => [value, i]));
  const targets = sharedNumbers(values.length);
  for (const [i, value] of values.entries()) targets[i] = places.get(value)!;
  return { kind: { kind: 'class', classes }, targets };
}

function textColumn(
  header: readonly string[],
  inputs: readonly number[],
  rows: readonly string[][],
  description: CsvDescription,
): number | null {
  if (description.text !== undefined) return columnOf(header, description.text);
  const [only] = inputs;
  if (inputs.length !== 1 || only === undefined) return null;
  const words = rows.reduce((sum, row) => sum + wordsOf(row[only]!).length, 0);
  return words / rows.length > 3 ? only : null;
}

function readTexts(texts: readonly string[], { vocabulary: size, words }: CsvDescription) {
  const vocabulary = buildVocabulary(texts, size);
  const features = sharedNumbers(texts.length * words);
  for (const [i, text] of texts.entries()) {
    encodeText(text, vocabulary, features.subarray(i * words, (i + 1) * words));
  }
  const input = { kind: 'text', shape: [words], vocabulary: size } as const;
  return { input, features };
}

function readColumns(header: readonly string[], inputs: readonly number[], rows: readonly string[][]) {
  const columns: { name: string; values: readonly number[] }[] = [];
  for (const input of inputs) {
    const name = header[input]!;
    const texts = rows.map((row) => row[input]!);
    if (texts.every((text) => text === '' || isNumber(text))) {
      const { values } = standardise(texts.map((text) => (text === '' ? Number.NaN : Number(text))));
      columns.push({ name, values });
      continue;
    }
    const choices = [...new Set(texts)].sort();
    if (choices.length > maxChoices) {
      throw new Error(
        `its column "${name}" has ${choices.length} different texts; name it in "text" or "ignore" of the JSON file beside it`,
      );
    }
    for (const choice of choices) {
      columns.push({ name: `${name}=${choice}`, values: texts.map((text) => (text === choice ? 1 : 0)) });
    }
  }
  if (columns.length === 0) throw new Error('it has no column to predict from');
  const features = sharedFloats(rows.length * columns.length);
  for (const [c, { values }] of columns.entries()) {
    for (let i = 0; i < rows.length; i++) features[i * columns.length + c] = values[i]!;
  }
  const input = { kind: 'table', shape: [columns.length], columns: columns.map(({ name }) => name) } as const;
  return { input, features };
}

function isNumber(text: string): boolean {
  return text !== '' && Number.isFinite(Number(text));
}

/** (value - mean) / deviation, over the known values; NaN, an unknown one, becomes the mean. */
function standardise(values: readonly number[]): { values: number[]; mean: number; deviation: number } {
  const known = values.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value / known.length, 0);
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2 / known.length, 0);
  // A constant column tells nothing, and stays 0.
  const deviation = Math.sqrt(variance) || 1;
  return {
    values: values.map((value) => (Number.isNaN(value) ? 0 : (value - mean) / deviation)),
    mean,
    deviation,
  };
}
