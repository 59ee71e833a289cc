import type { FaultList } from './errors.ts';
import { isJsonObject, showJson } from './json.ts';
import { didYouMean, nearestName } from './nearest-name.ts';
import { textFault } from './text-fault.ts';

/** What a number must be; bounds are included save `above`. */
export interface NumberRule {
  readonly required?: true;
  readonly integer?: true;
  readonly min?: number;
  readonly max?: number;
  readonly above?: number;
}

const maxNameLength = 200;

/**
 * Reads one JSON object field by field and notes every fault with its path instead of stopping at the first.
 * A field that is absent, null or faulty reads as undefined. Only own fields count, whatever they are called.
 */
export class FieldReader {
  readonly path: string;
  readonly #fields: { readonly [key: string]: unknown };
  readonly #faults: FaultList;

  private constructor(fields: { readonly [key: string]: unknown }, path: string, faults: FaultList) {
    this.#fields = fields;
    this.path = path;
    this.#faults = faults;
  }

  /** A reader of `input`, or null (and a fault) where it is not an object. */
  static open(input: unknown, path: string, faults: FaultList): FieldReader | null {
    if (isJsonObject(input)) return new FieldReader(input, path, faults);
    faults.add(path, `must be an object, not ${showJson(input)}.`);
    return null;
  }

  /** Makes every other key a fault. */
  allowOnly(...keys: readonly string[]): void {
    for (const key of Object.keys(this.#fields)) {
      if (!keys.includes(key)) this.fault(key, `is not known here. ${didYouMean(key, keys)}`);
    }
  }

  /** The field as it is. */
  value(key: string): unknown {
    const value = Object.hasOwn(this.#fields, key) ? this.#fields[key] : undefined;
    return value === null ? undefined : value;
  }

  fault(key: string, message: string): undefined {
    this.#faults.add(childPath(this.path, key), message);
    return undefined;
  }

  number(key: string, rule: NumberRule = {}): number | undefined {
    const value = this.value(key);
    if (value === undefined) return rule.required ? this.fault(key, 'is missing; give a number.') : undefined;
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      return this.fault(key, `must be a finite number, not ${showJson(value)}.`);
    }
    if (rule.integer && !Number.isSafeInteger(value)) {
      return this.fault(key, `must be an integer of at most 53 bits, not ${value}.`);
    }
    if (rule.min !== undefined && value < rule.min) {
      return this.fault(key, `must be at least ${rule.min}, not ${value}.`);
    }
    if (rule.above !== undefined && value <= rule.above) {
      return this.fault(key, `must be above ${rule.above}, not ${value}.`);
    }
    if (rule.max !== undefined && value > rule.max) {
      return this.fault(key, `must be at most ${rule.max}, not ${value}.`);
    }
    // JSON has no negative zero.
    return value + 0;
  }

  boolean(key: string): boolean | undefined {
    const value = this.value(key);
    if (value === undefined || typeof value === 'boolean') return value;
    return this.fault(key, `must be true or false, not ${showJson(value)}.`);
  }

  /** A reader of an object; undefined where it is absent or something else. */
  object(key: string): FieldReader | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    return FieldReader.open(value, childPath(this.path, key), this.#faults) ?? undefined;
  }

  /** One of `options`; a fault where it is absent. */
  oneOf<Option extends string>(key: string, options: readonly Option[]): Option | undefined {
    const value = this.value(key);
    if (value === undefined) return this.fault(key, `is missing; give one of ${options.join(', ')}.`);
    const found = options.find((option) => option === value);
    if (found !== undefined) return found;
    const nearest = typeof value === 'string' ? nearestName(value, options) : undefined;
    const hint = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
    return this.fault(key, `must be one of ${options.join(', ')}, not ${showJson(value)}.${hint}`);
  }

  /** A name of a parameter or metric that can be a key of an object; a fault where it is absent. */
  name(key: string): string | undefined {
    const value = this.value(key);
    if (value === undefined) return this.fault(key, 'is missing; give a name.');
    if (typeof value !== 'string') return this.fault(key, `must be a name, not ${showJson(value)}.`);
    const fault = nameFault(value);
    return fault === null ? value : this.fault(key, fault);
  }
}

/** Why a string cannot name a parameter or metric, or null where it can. */
export function nameFault(name: string): string | null {
  if (name.trim() === '') return 'has an empty name; give it one.';
  if (name.length > maxNameLength) {
    return `has a name of ${name.length} characters; at most ${maxNameLength} are allowed.`;
  }
  if (name.startsWith('$')) return 'has a name that starts with "$", which is reserved; choose another.';
  if (name === '__proto__') return 'has a name that is reserved; choose another.';
  return textFault(name);
}

/** The path of a field: `space.rate`, or `space["odd name"]` where the name is no identifier. */
export function childPath(path: string, key: string): string {
  if (/^[A-Za-z_$][\w$-]*$/.test(key)) return path === '' ? key : `${path}.${key}`;
  return `${path}[${showJson(key)}]`;
}
