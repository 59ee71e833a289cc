import { compact, type RawSearch } from '../../shell/search-params.ts';

export function readOverviewSearch(_raw: RawSearch) {
  return compact({});
}
