import { compact, type RawSearch, readText } from '../../shell/search-params.ts';

export function readNewStudySearch(raw: RawSearch) {
  return compact({
    /** Chosen in the form at first. */
    trainable: readText(raw.trainable),
    /** The id of a study whose settings the form begins with. */
    from: readText(raw.from),
  });
}
