import { compact, type RawSearch, readList, readText } from '../../shell/search-params.ts';

export function readCompareStudiesSearch(raw: RawSearch) {
  return compact({
    /** The ids of the studies that are compared. */
    studies: readList(readText, raw.studies),
  });
}
