/** Why PostgreSQL cannot keep a text, or null where it can: its texts are UTF-8 without NUL, in JSON as well. */
export function textFault(text: string): string | null {
  const nul = text.indexOf('\0');
  if (nul >= 0) return `has a NUL character (\\u0000) at position ${nul}, which cannot be stored; remove it.`;
  if (!text.isWellFormed()) {
    return 'has half a surrogate pair, which is no character and cannot be stored; remove it or send the whole.';
  }
  return null;
}

/** A text that nobody can be asked to mend, such as a stack trace: with a replacement for what cannot be stored. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}
