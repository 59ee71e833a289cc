import { curveAxes } from '../../charts/curves/curve-view.ts';
import { compact, type RawSearch, readFlag, readOneOf } from '../../shell/search-params.ts';

export function readTrialSearch(raw: RawSearch) {
  return compact({
    /** Of the curves; steps where absent. */
    axis: readOneOf(curveAxes, raw.axis),
    logY: readFlag(raw.logY),
  });
}
