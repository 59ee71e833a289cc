/** Texts become sequences of word numbers: 0 after the end of a text, 1 for words that are not in the vocabulary. */
const firstWord = 2;

/** The words of a text, in lower case; signs that carry meaning in messages stand alone. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+|[!?$%€£]/gu) ?? [];
}

/** The numbers of the most frequent words, at most `size` numbers in all; ties in alphabetical order. */
export function buildVocabulary(texts: readonly string[], size: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const byFrequency = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return new Map(
    byFrequency.slice(0, Math.max(0, size - firstWord)).map(([word], i) => [word, firstWord + i]),
  );
}

/** Writes the first words of a text as numbers into `target`, which it fills. */
export function encodeText(text: string, vocabulary: ReadonlyMap<string, number>, target: Uint16Array): void {
  const words = wordsOf(text);
  for (let i = 0; i < target.length; i++) {
    const word = words[i];
    target[i] = word === undefined ? 0 : (vocabulary.get(word) ?? 1);
  }
}
