import type { StudyData } from '../../../../client/index.ts';
import type { BrushRange } from '../../../charts/data/brush.ts';
import { spaceParameters } from '../trials/space-parameters.ts';
import type { ColumnFilter } from '../trials-search.ts';

/** Ranges on axes as filters of the table of trials. Null where an axis has several, which the table does not know. */
export function tableFilters(
  study: Pick<StudyData, 'searchSpace' | 'objectives'>,
  brush: readonly BrushRange[],
): Readonly<Record<string, ColumnFilter>> | null {
  const parameters = new Map(spaceParameters(study).map((parameter) => [parameter.name, parameter]));
  const filters: Record<string, ColumnFilter> = {};
  for (const axis of new Set(brush.map((range) => range.axis))) {
    const own = brush.filter((range) => range.axis === axis);
    const isMetric = study.objectives.some(({ metric }) => metric === axis);
    const choices = isMetric ? null : (parameters.get(axis)?.choices ?? null);
    if (choices !== null) {
      const any = choices.filter((_, place) => own.some(({ low, high }) => low <= place && place <= high));
      filters[`param:${axis}`] = { any };
    } else if (own.length > 1) return null;
    else filters[`${isMetric ? 'value' : 'param'}:${axis}`] = { min: own[0]!.low, max: own[0]!.high };
  }
  return filters;
}
