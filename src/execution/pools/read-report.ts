import { maxStep } from '../../core/curve.ts';
import { FaultList } from '../../core/errors.ts';
import { childPath, nameFault } from '../../core/field-reader.ts';
import { isJsonObject, showJson } from '../../core/json.ts';
import type { MetricValues } from '../../trainables/trainable.ts';

// JavaScript lets an author report anything.

/**
 * A step and its values as plain data.
 * @throws InputError with every fault
 */
export function readReport(step: unknown, values: unknown): { step: number; values: MetricValues } {
  const faults = new FaultList();
  const isStep = Number.isInteger(step) && (step as number) >= 0 && (step as number) <= maxStep;
  if (!isStep) faults.add('step', `must be an integer from 0 to ${maxStep}, not ${show(step)}.`);
  const read = collectValues(values, faults);
  faults.throwIfAny();
  return { step: step as number, values: read };
}

/**
 * Values by metric as plain data; NaN and infinities are values.
 * @throws InputError with every fault
 */
export function readValues(values: unknown): MetricValues {
  const faults = new FaultList();
  const read = collectValues(values, faults);
  faults.throwIfAny();
  return read;
}

function collectValues(values: unknown, faults: FaultList): MetricValues {
  const read: Record<string, number> = {};
  if (!isJsonObject(values)) {
    faults.add('values', `must be an object of numbers by metric, not ${show(values)}.`);
    return read;
  }
  for (const [name, value] of Object.entries(values as object)) {
    const path = childPath('values', name);
    const fault = nameFault(name);
    if (fault !== null) faults.add(path, fault);
    else if (typeof value === 'number') read[name] = value;
    else faults.add(path, `must be a number, not ${show(value)}.`);
  }
  return read;
}

function show(value: unknown): string {
  return typeof value === 'function' ? 'a function' : showJson(value);
}
