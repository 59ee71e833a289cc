import type { JsonScalar, Params, TrialState, Values } from '../../../client/index.ts';
import { labelOf, type ParameterAxis } from './parameters.ts';

/** How a trial can have ended, each by its code in `TrialTable.states`; 0 stands for trials that have not. */
export const endings = [null, 'COMPLETED', 'PRUNED', 'INFEASIBLE', 'FAILED', 'CANCELLED'] as const;

export const completed = endings.indexOf('COMPLETED');

/** Columns as the server gives them: one entry a trial. */
export interface ResultColumns {
  readonly numbers: readonly number[];
  readonly states: readonly TrialState[];
  readonly values: Readonly<Record<string, readonly (number | null)[]>>;
  readonly feasible: readonly boolean[];
}

export interface ChangedTrial {
  readonly number: number;
  readonly state: TrialState;
  readonly params: Params;
  readonly values: Values | null;
  readonly feasible: boolean | null;
}

/**
 * A study's ended trials in columns, each place a trial's number. NaN stands for what a trial does not have. Choices are
 * held as their places among the labels of their axis.
 */
export class TrialTable {
  /** One more than the greatest number that is known. */
  size = 0;
  states = new Uint8Array(0);
  /** 1 where the trial kept all constraints. */
  feasible = new Uint8Array(0);
  readonly #values = new Map<string, Float64Array>();
  readonly #params = new Map<string, Float64Array>();
  readonly #read = new Set<string>();
  readonly #axes: ReadonlyMap<string, ParameterAxis>;
  /** By parameter: the labels of its choices, and the place of each. */
  readonly #labels = new Map<string, { readonly list: string[]; readonly places: Map<JsonScalar, number> }>();

  constructor(axes: readonly ParameterAxis[], choices: (name: string) => readonly JsonScalar[]) {
    this.#axes = new Map(axes.map((axis) => [axis.name, axis]));
    for (const { name, kind, labels } of axes) {
      if (kind !== 'choice') continue;
      const places = new Map(choices(name).map((choice, place) => [choice, place]));
      this.#labels.set(name, { list: [...labels], places });
    }
  }

  /** The values of a metric; all NaN for one that no trial has. */
  value(metric: string): Float64Array {
    return this.#column(this.#values, metric);
  }

  /** A parameter's column; all NaN until `setParams` or `apply` gave it. */
  param(name: string): Float64Array {
    return this.#column(this.#params, name);
  }

  /** Whether a parameter's column has been read. */
  hasParam(name: string): boolean {
    return this.#read.has(name);
  }

  /** The labels of a parameter's choices, also of those that are not in the space any more. */
  labels(name: string): readonly string[] {
    return this.#labels.get(name)?.list ?? [];
  }

  /** Whether the trial ended with results that count: completed, and within all constraints. */
  isResult(number: number): boolean {
    return this.states[number] === completed && this.feasible[number] === 1;
  }

  setResults({ numbers, states, values, feasible }: ResultColumns): void {
    this.#growTo((numbers.at(-1) ?? -1) + 1);
    this.states.fill(0);
    for (let i = 0; i < numbers.length; i++) {
      const number = numbers[i]!;
      this.states[number] = codeOf(states[i]!);
      this.feasible[number] = feasible[i] ? 1 : 0;
    }
    for (const [metric, given] of Object.entries(values)) {
      const column = this.value(metric);
      for (let i = 0; i < numbers.length; i++) column[numbers[i]!] = given[i] ?? Number.NaN;
    }
  }

  /** Columns of parameters; null where a trial does not have one, or has the choice null. */
  setParams(numbers: readonly number[], params: Readonly<Record<string, readonly JsonScalar[]>>): void {
    this.#growTo((numbers.at(-1) ?? -1) + 1);
    for (const [name, given] of Object.entries(params)) {
      const column = this.param(name);
      this.#read.add(name);
      for (let i = 0; i < numbers.length; i++) column[numbers[i]!] = this.#place(name, given[i]);
    }
  }

  /** A trial as it is after an event. */
  apply(trial: ChangedTrial): void {
    const { number, params, values } = trial;
    this.#growTo(number + 1);
    this.states[number] = codeOf(trial.state);
    if (this.states[number] === 0) return;
    this.feasible[number] = trial.feasible === true ? 1 : 0;
    for (const metric of Object.keys(values ?? {}))
      this.value(metric)[number] = values![metric] ?? Number.NaN;
    for (const [name, column] of this.#params) column[number] = this.#place(name, params[name]);
  }

  #place(name: string, value: JsonScalar | undefined): number {
    if (value === undefined) return Number.NaN;
    const labels = this.#labels.get(name);
    if (labels === undefined) return typeof value === 'number' ? value : Number.NaN;
    let place = labels.places.get(value);
    // In columns, null also stands for a parameter that the trial does not have.
    if (place === undefined && value === null) return Number.NaN;
    if (place === undefined) {
      place = labels.list.length;
      labels.places.set(value, place);
      labels.list.push(labelOf(value));
    }
    return place;
  }

  #column(columns: Map<string, Float64Array>, name: string): Float64Array {
    let column = columns.get(name);
    if (column === undefined) {
      column = new Float64Array(this.states.length).fill(Number.NaN);
      columns.set(name, column);
    }
    return column;
  }

  #growTo(size: number): void {
    this.size = Math.max(this.size, size);
    if (size <= this.states.length) return;
    const capacity = Math.max(size, 2 * this.states.length, 64);
    this.states = grown(this.states, new Uint8Array(capacity));
    this.feasible = grown(this.feasible, new Uint8Array(capacity));
    for (const columns of [this.#values, this.#params]) {
      for (const [name, column] of columns) {
        columns.set(name, grown(column, new Float64Array(capacity).fill(Number.NaN)));
      }
    }
  }

  /** The axis of a parameter, with the labels that trials have brought. */
  axis(name: string): ParameterAxis | undefined {
    const axis = this.#axes.get(name);
    return axis && (axis.kind === 'choice' ? { ...axis, labels: this.labels(name) } : axis);
  }
}

function codeOf(state: TrialState): number {
  return Math.max(0, (endings as readonly (string | null)[]).indexOf(state));
}

function grown<T extends Uint8Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
