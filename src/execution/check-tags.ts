import type { FaultList } from '../core/errors.ts';
import { nameFault } from '../core/field-reader.ts';

const maxTags = 100;

/** Notes what is wrong with the tags of a study or a trial. */
export function checkTags(tags: readonly string[], faults: FaultList): void {
  if (tags.length > maxTags) {
    faults.add('tags', `has ${tags.length} entries; at most ${maxTags} are allowed.`);
    return;
  }
  tags.forEach((tag, i) => {
    const fault = nameFault(tag);
    if (fault !== null) faults.add(`tags[${i}]`, fault);
  });
}
