import type { Json, JsonScalar, StudyData } from '../../../../client/index.ts';

/** What pages need to know of a parameter. */
export interface SpaceParameter {
  readonly name: string;
  readonly type: string;
  /** Null for numbers. */
  readonly choices: readonly JsonScalar[] | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly isLog: boolean;
  readonly isConditional: boolean;
}

/** The parameters of a study's search space, in its order. */
export function spaceParameters({ searchSpace }: Pick<StudyData, 'searchSpace'>): readonly SpaceParameter[] {
  return Object.entries(searchSpace as Readonly<Record<string, Json>>)
    .filter(([name]) => !name.startsWith('$'))
    .map(([name, json]) => {
      const spec = (
        typeof json === 'object' && json !== null && !Array.isArray(json) ? json : {}
      ) as Readonly<Record<string, Json>>;
      const type = typeof spec.type === 'string' ? spec.type : 'fixed';
      const isNumber = type === 'float' || type === 'int';
      const fixed = 'value' in spec ? [spec.value as JsonScalar] : [];
      return {
        name,
        type,
        choices: isNumber ? null : Array.isArray(spec.choices) ? (spec.choices as JsonScalar[]) : fixed,
        low: typeof spec.low === 'number' ? spec.low : null,
        high: typeof spec.high === 'number' ? spec.high : null,
        isLog: spec.log === true,
        isConditional: 'when' in spec,
      };
    });
}

/** All metrics that a study judges its trials by: objectives first. */
export function studyMetrics({ objectives, constraints }: Pick<StudyData, 'objectives' | 'constraints'>) {
  return [...new Set([...objectives, ...constraints].map(({ metric }) => metric))];
}
