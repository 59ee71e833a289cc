import { compact, type RawSearch } from '../../shell/search-params.ts';

export function readTrialSearch(_raw: RawSearch) {
  return compact({});
}
