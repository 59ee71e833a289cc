import { curveAxes } from '../../charts/curves/curve-view.ts';
import {
  compact,
  type RawSearch,
  readFlag,
  readList,
  readNumber,
  readOneOf,
  readText,
} from '../../shell/search-params.ts';

export function readCompareStudiesSearch(raw: RawSearch) {
  return compact({
    /** The ids of the studies that are compared. */
    studies: readList(readText, raw.studies),
    /** How many of each study's best trials are compared; three where absent. */
    best: readNumber(raw.best),
    /** Of their curves; steps where absent. */
    axis: readOneOf(curveAxes, raw.axis),
    logY: readFlag(raw.logY),
    /** Of the settings. */
    onlyDifferences: readFlag(raw.onlyDifferences),
  });
}
