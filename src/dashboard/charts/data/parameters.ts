import type { Json, JsonScalar } from '../../../client/index.ts';

/** A parameter as an axis: numbers along a range, or choices, each at its place among `labels`. */
export interface ParameterAxis {
  readonly name: string;
  readonly kind: 'number' | 'choice';
  readonly log: boolean;
  readonly isWhole: boolean;
  /** Of numbers; null for choices. */
  readonly range: readonly [low: number, high: number] | null;
  /** The choices as text, in their order; empty for numbers. */
  readonly labels: readonly string[];
}

/** The parameters of a search space that can differ between trials, in the order of the space. */
export function parametersOf(searchSpace: Json): readonly ParameterAxis[] {
  if (searchSpace === null || typeof searchSpace !== 'object' || Array.isArray(searchSpace)) return [];
  const entries = Object.entries(searchSpace as Readonly<Record<string, Json>>);
  return entries.flatMap(([name, spec]) => (name.startsWith('$') ? [] : axisOf(name, spec)));
}

function axisOf(name: string, spec: Json): ParameterAxis[] {
  const { type, low, high, log, choices } = spec as Readonly<Record<string, Json>>;
  if (type === 'float' || type === 'int') {
    const range = [low as number, high as number] as const;
    return [{ name, kind: 'number', log: log === true, isWhole: type === 'int', range, labels: [] }];
  }
  if (type !== 'categorical') return [];
  const labels = (choices as readonly JsonScalar[]).map(labelOf);
  return [{ name, kind: 'choice', log: false, isWhole: false, range: null, labels }];
}

/** A choice as text, an empty one as its quotes; 1 and "1" stay apart only by their places. */
export function labelOf(choice: JsonScalar): string {
  return choice === '' ? '""' : String(choice);
}
