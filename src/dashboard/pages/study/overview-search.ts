import { compact, type RawSearch, readList, readText } from '../../shell/search-params.ts';

export function readOverviewSearch(raw: RawSearch) {
  return compact({
    /** The objectives whose axis is logarithmic. */
    log: readList(readText, raw.log),
    /** The metric that importances are about; absent: the objective, or the way to the front. */
    importance: readText(raw.importance),
  });
}
