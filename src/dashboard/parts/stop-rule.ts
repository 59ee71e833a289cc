import type { Json } from '../../client/index.ts';

/** A number among a study's stop rules, such as maxTrials; null where there is none. */
export function stopRule(rules: Json, name: 'maxTrials' | 'timeoutSeconds' | 'deviceSeconds'): number | null {
  const value = (rules as Readonly<Record<string, Json>> | null)?.[name];
  return typeof value === 'number' ? value : null;
}
