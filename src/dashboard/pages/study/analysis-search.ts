import { compact, type RawSearch } from '../../shell/search-params.ts';

export function readAnalysisSearch(_raw: RawSearch) {
  return compact({});
}
