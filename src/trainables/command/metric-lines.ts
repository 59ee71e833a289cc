import { maxStep } from '../../core/curve.ts';
import { nameFault } from '../../core/field-reader.ts';
import { isJsonObject } from '../../core/json.ts';

/** What a line of output reports. */
export interface MetricLine {
  /** Null: the line names none. */
  readonly step: number | null;
  readonly values: Readonly<Record<string, number>>;
}

const number = String.raw`[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|nan|inf(?:inity)?)`;
const pair = new RegExp(String.raw`(?<=^|[\s,;|])([A-Za-z_][\w./-]*)[=:]\s?(${number})(?=$|[\s,;|])`, 'gi');
/** NaN and infinities, which Python's json writes though JSON has none; texts are matched to be left alone. */
const noJson = /("(?:[^"\\]|\\.)*")|-?Infinity|NaN/g;

/**
 * Reads a line of a program's standard output:
 *
 * - `{"step": 3, "loss": 0.25, "accuracy": NaN}`: JSON; every number is a metric;
 * - `epoch 3: step=3 loss=0.25, accuracy: nan`: pairs with `=` or `:`, apart by white space, commas, semicolons or bars;
 *   those whose name is one of `metrics` count.
 *
 * `step` is an integer, 0 or more. Null for any other line.
 */
export function readMetricLine(line: string, metrics: ReadonlySet<string>): MetricLine | null {
  const text = line.trim();
  return text.startsWith('{') && text.endsWith('}') ? readJson(text) : readPairs(text, metrics);
}

function readJson(text: string): MetricLine | null {
  let fields: unknown;
  try {
    fields = JSON.parse(text.replace(noJson, (found, quoted) => quoted ?? `{"$number":"${found}"}`));
  } catch {
    return null;
  }
  if (!isJsonObject(fields)) return null;
  const values = new Map<string, number>();
  for (const [name, value] of Object.entries(fields)) {
    const read = isJsonObject(value) ? Number(value.$number ?? undefined) : value;
    const isNumber = typeof read === 'number' && (!isJsonObject(value) || '$number' in value);
    if (isNumber && name !== 'step' && nameFault(name) === null) values.set(name, read);
  }
  return lineOf(fields.step, values);
}

function readPairs(text: string, metrics: ReadonlySet<string>): MetricLine | null {
  const values = new Map<string, number>();
  let step: number | undefined;
  for (const [, name, value] of text.matchAll(pair)) {
    if (name === 'step') step = Number(value);
    if (metrics.has(name!)) values.set(name!, toNumber(value!));
  }
  return lineOf(step, values);
}

function toNumber(text: string): number {
  const word = text.toLowerCase().replace(/^\+/, '');
  if (word.endsWith('nan')) return Number.NaN;
  if (!word.includes('inf')) return Number(word);
  return word.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** A step that is none makes the line one without. */
function lineOf(step: unknown, values: ReadonlyMap<string, number>): MetricLine | null {
  if (values.size === 0) return null;
  const isStep = typeof step === 'number' && Number.isInteger(step) && step >= 0 && step <= maxStep;
  return { step: isStep ? step : null, values: Object.fromEntries(values) };
}
