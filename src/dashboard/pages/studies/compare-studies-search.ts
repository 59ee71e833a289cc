import { readCurveAxes } from '../../parts/curve-axis-search.ts';
import {
  compact,
  type RawSearch,
  readFlag,
  readList,
  readNumber,
  readText,
} from '../../shell/search-params.ts';

export function readCompareStudiesSearch(raw: RawSearch) {
  return compact({
    /** The ids of the studies that are compared. */
    studies: readList(readText, raw.studies),
    /** How many of each study's best trials are compared; three where absent. */
    best: readNumber(raw.best),
    ...readCurveAxes(raw),
    /** Of the settings. */
    onlyDifferences: readFlag(raw.onlyDifferences),
  });
}
