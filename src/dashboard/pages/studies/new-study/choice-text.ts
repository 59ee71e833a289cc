import type { JsonScalar } from '../../../../client/index.ts';

/** A typed text as a choice: numbers, booleans and null are those; anything else is a string. */
export function choiceOf(text: string): JsonScalar {
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  } catch {
    // A word.
  }
  return text;
}

/** Choices of texts, keeping the type that each had before: a string "32" stays one. */
export function choicesOf(texts: readonly string[], before: readonly JsonScalar[]): JsonScalar[] {
  return texts.map((text) => before.find((choice) => String(choice) === text) ?? choiceOf(text));
}
