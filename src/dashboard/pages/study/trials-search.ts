import { compact, type RawSearch } from '../../shell/search-params.ts';

export function readTrialsSearch(_raw: RawSearch) {
  return compact({});
}
