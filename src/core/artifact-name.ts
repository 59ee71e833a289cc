const maxNameBytes = 400;

/**
 * Why a text cannot name an artifact, or null where it can. Names are relative paths such as `checkpoints/best.bin`:
 * whoever downloads a trial's files can write each below a directory of their own.
 */
export function artifactNameFault(name: string): string | null {
  if (name === '') return 'is empty; give the file a name such as model.json.';
  if (!name.isWellFormed()) return 'has half a surrogate pair, which is no character; remove it.';
  const bytes = new TextEncoder().encode(name).length;
  if (bytes > maxNameBytes) return `has ${bytes} bytes; at most ${maxNameBytes} are allowed.`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f\\]/.test(name)) {
    return 'has a control character or a backslash; leave it out, and separate folders by "/".';
  }
  if (name.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    return 'must be a relative path without empty parts, "." and "..", such as checkpoints/best.bin.';
  }
  return null;
}
