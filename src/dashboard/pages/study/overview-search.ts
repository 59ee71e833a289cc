import { compact, type RawSearch, readFlag, readList, readText } from '../../shell/search-params.ts';

export function readOverviewSearch(raw: RawSearch) {
  return compact({
    /** The objectives whose axis is logarithmic. */
    log: readList(readText, raw.log),
    /** The metric that importances are about; absent: the objective, or the way to the front. */
    importance: readText(raw.importance),
    /** Whether the parameters that matter less are among the importances. */
    allParameters: readFlag(raw.allParameters),
  });
}
