import { compact, type RawSearch } from '../../shell/search-params.ts';

export function readCurvesSearch(_raw: RawSearch) {
  return compact({});
}
