import { readCurveAxes } from '../../parts/curve-axis-search.ts';
import { compact, type RawSearch, readFlag, readList, readNumber } from '../../shell/search-params.ts';

export function readCompareSearch(raw: RawSearch) {
  return compact({
    /** The numbers of the trials that are compared. */
    trials: readList(readNumber, raw.trials),
    /** Leaves out what all of them have alike. */
    onlyDifferences: readFlag(raw.onlyDifferences),
    ...readCurveAxes(raw),
  });
}
