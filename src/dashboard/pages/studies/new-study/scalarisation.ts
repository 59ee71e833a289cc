import type { ObjectiveInput } from '../../../../client/index.ts';
import type { JsonFields } from './json-fields.ts';

/** How several objectives become one for the sampler, as the form begins with it. */
export function scalarisationOfKind(kind: string, objectives: readonly ObjectiveInput[]): JsonFields {
  if (kind === 'epsilonConstraint') return { kind, objective: objectives[0]!.metric, bounds: {} };
  return { kind, weights: {} };
}

/**
 * With what is said of the objectives as they are now: a weight for each, which is 1 where none is given, and no word of
 * those that are gone. Null where there is nothing to make one of.
 */
export function fittingScalarisation(
  scalarisation: JsonFields | null,
  objectives: readonly ObjectiveInput[],
): JsonFields | null {
  if (scalarisation === null || objectives.length < 2) return null;
  const metrics = objectives.map(({ metric }) => metric);
  const numbersIn = (name: string) => (scalarisation[name] ?? {}) as Readonly<Record<string, number>>;
  if (scalarisation.kind === 'epsilonConstraint') {
    const objective = metrics.find((metric) => metric === scalarisation.objective) ?? metrics[0]!;
    const bounds = numbersIn('bounds');
    const bounded = metrics.filter((metric) => metric !== objective && bounds[metric] !== undefined);
    return {
      ...scalarisation,
      objective,
      bounds: Object.fromEntries(bounded.map((metric) => [metric, bounds[metric]!])),
    };
  }
  const weights = numbersIn('weights');
  return {
    ...scalarisation,
    weights: Object.fromEntries(metrics.map((metric) => [metric, weights[metric] ?? 1])),
  };
}
