import type { ParameterAxis } from '../../../charts/data/parameters.ts';
import type { AnalysisChart, AnalysisSearch } from '../analysis-search.ts';

/** More axes than this would stand too close on a screen. */
const acrossAtFirst = 12;
const slicesAtFirst = 9;

/** Whether it must be known which parameters matter before it is known which of them a chart shows. */
export function needsImportances(
  chart: AnalysisChart,
  parameters: readonly ParameterAxis[],
  search: AnalysisSearch,
): boolean {
  if (chart === 'parallel') return search.params === undefined && parameters.length > acrossAtFirst;
  if (chart === 'slices') return search.params === undefined && parameters.length > slicesAtFirst;
  return false;
}

/**
 * The parameters that a chart shows, in the order of the space; of a large study no column more is read. Of more than
 * there is room for, those in `byImportance` come first, as far as nobody has chosen others.
 */
export function shownParameters(
  chart: AnalysisChart,
  parameters: readonly ParameterAxis[],
  search: AnalysisSearch,
  byImportance: readonly string[] = [],
): readonly ParameterAxis[] {
  switch (chart) {
    case 'map':
      return parameters;
    case 'parallel':
      return chosenOr(acrossAtFirst, parameters, search, byImportance);
    case 'slices':
      return chosenOr(slicesAtFirst, parameters, search, byImportance);
    case 'plane':
      return planeParameters(parameters, search);
    default:
      return [];
  }
}

function chosenOr(
  count: number,
  parameters: readonly ParameterAxis[],
  { params }: AnalysisSearch,
  byImportance: readonly string[],
): readonly ParameterAxis[] {
  const chosen = params === undefined ? [] : parameters.filter(({ name }) => params.includes(name));
  if (chosen.length > 0) return chosen;
  if (parameters.length <= count) return parameters;
  const first = new Set(inOrder(parameters, byImportance).slice(0, count));
  return parameters.filter((parameter) => first.has(parameter));
}

/** Parameters with those that matter most first, the others behind as they are. */
export function inOrder(
  parameters: readonly ParameterAxis[],
  byImportance: readonly string[],
): readonly ParameterAxis[] {
  const place = new Map(byImportance.map((name, i) => [name, i]));
  const last = byImportance.length;
  return parameters.toSorted((a, b) => (place.get(a.name) ?? last) - (place.get(b.name) ?? last));
}

/** Those along the two axes of the plane; fewer where the study has fewer. */
export function planeParameters(
  parameters: readonly ParameterAxis[],
  search: AnalysisSearch,
): readonly ParameterAxis[] {
  const x = parameters.find(({ name }) => name === search.x) ?? parameters[0];
  const others = parameters.filter((other) => other !== x);
  const y = others.find(({ name }) => name === search.y) ?? others[0];
  return [x, y].filter((axis) => axis !== undefined);
}
