import type { JsonScalar } from '../json.ts';
import type { Random } from '../random.ts';
import type { StudyView } from '../study-view.ts';

/**
 * Chooses the parameters of the next trial. Pure: it never writes, and the same study, number and random stream
 * give the same suggestion.
 */
export interface Sampler {
  suggest(study: StudyView, trialNumber: number, random: Random): Suggestion;
  /** How many settings it has left to suggest; samplers that never run out of them have no such method. */
  settingsLeft?(study: StudyView): number;
}

/** Values for some or all parameters; `completeParams` fills what is missing and drops what does not exist. */
export type Suggestion = Readonly<Record<string, JsonScalar>>;
