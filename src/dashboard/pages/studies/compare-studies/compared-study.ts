import type { useComparedStudies } from '../use-studies.ts';

/** A study among others, with its best trials. */
export type ComparedStudy = NonNullable<ReturnType<typeof useComparedStudies>['data']>[number];

/** The metrics of all objectives, each once. */
export function metricsOf(studies: readonly ComparedStudy[]): readonly string[] {
  return [...new Set(studies.flatMap(({ objectives }) => objectives.map(({ metric }) => metric)))];
}
