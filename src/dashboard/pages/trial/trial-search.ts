import { readCurveAxes } from '../../parts/curve-axis-search.ts';
import { compact, type RawSearch, readText } from '../../shell/search-params.ts';

export function readTrialSearch(raw: RawSearch) {
  return compact({
    ...readCurveAxes(raw),
    /** What the shown lines of the log contain. */
    log: readText(raw.log),
  });
}
