import { compact, type RawSearch, readList, readNumber } from '../../shell/search-params.ts';

export function readCompareSearch(raw: RawSearch) {
  return compact({
    /** The numbers of the trials that are compared. */
    trials: readList(readNumber, raw.trials),
  });
}
