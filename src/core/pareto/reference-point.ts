import { InputError } from '../errors.ts';
import { childPath } from '../field-reader.ts';
import { isJsonObject, showJson } from '../json.ts';
import { didYouMean } from '../nearest-name.ts';
import type { Objective } from '../study.ts';
import { LossBounds } from './loss-bounds.ts';
import type { Losses } from './losses.ts';

/**
 * Where the hypervolume of a study is measured from unless a client names a point: the worst finite loss of the results
 * in each objective, and beyond it a tenth of their range, so that the ends of the front count too (as the 1.1 times
 * nadir that is usual; Ishibuchi et al. 2018, "How to Specify a Reference Point in Hypervolume Calculation", section 3).
 * It moves when a worse result comes, and the hypervolume with it: to compare studies, name one point for all.
 */
export function referencePoint(results: readonly Losses[]): Losses {
  return referencePointBeyond(LossBounds.of(results));
}

/** The same from the bounds of the results. */
export function referencePointBeyond({ least, greatest }: LossBounds): Losses {
  return greatest.map((worst, k) => {
    const best = least[k]!;
    if (worst < best) return 0;
    const range = worst - best || Math.abs(worst) || 1;
    return worst + range / 10;
  });
}

/**
 * A reference point that a client names by the values of metrics, such as `{"loss": 1, "accuracy": 0}`.
 * @throws InputError unless it has one finite number for each objective and nothing else
 */
export function parseReferencePoint(
  input: unknown,
  objectives: readonly Objective[],
  path = 'referencePoint',
): Losses {
  if (!isJsonObject(input)) {
    throw InputError.at(path, `must be an object with a number for each objective, not ${showJson(input)}.`);
  }
  const metrics = objectives.map(({ metric }) => metric);
  for (const metric of Object.keys(input)) {
    if (metrics.includes(metric)) continue;
    throw InputError.at(
      childPath(path, metric),
      `is no objective of this study. ${didYouMean(metric, metrics)}`,
    );
  }
  return objectives.map(({ metric, direction }) => {
    const value = Object.hasOwn(input, metric) ? input[metric] : undefined;
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw InputError.at(
        childPath(path, metric),
        'must be a finite number, worse than the results that count.',
      );
    }
    return direction === 'MINIMIZE' ? value : -value;
  });
}
