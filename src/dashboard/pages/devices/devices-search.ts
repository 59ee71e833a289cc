import { compact, type RawSearch } from '../../shell/search-params.ts';

export function readDevicesSearch(_raw: RawSearch) {
  return compact({});
}
