import type { ParameterAxis } from '../../../charts/data/parameters.ts';
import type { AnalysisChart, AnalysisSearch } from '../analysis-search.ts';

/** More axes would stand too close on a screen. */
const acrossAtMost = 12;
const slicesAtFirst = 9;

/** The parameters that a chart needs: of a large study no column more is read. */
export function shownParameters(
  chart: AnalysisChart,
  parameters: readonly ParameterAxis[],
  search: AnalysisSearch,
): readonly ParameterAxis[] {
  if (chart === 'map') return parameters;
  if (chart === 'parallel') return parameters.slice(0, acrossAtMost);
  if (chart === 'slices') return search.all === true ? parameters : parameters.slice(0, slicesAtFirst);
  if (chart === 'plane') return planeParameters(parameters, search);
  return [];
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
