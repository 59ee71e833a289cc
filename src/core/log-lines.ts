const maxLineLength = 8192;

/**
 * A text as lines of a log: cut at line breaks, and a longer line than 8192 characters into several. What cannot be
 * stored (NUL, half a surrogate pair) becomes U+FFFD; a break at the end begins no new line.
 */
export function logLines(text: string): string[] {
  const storable = text.replaceAll('\0', '\ufffd').toWellFormed();
  const lines = storable.split(/\r\n|\n|\r/);
  if (lines.length > 1 && lines.at(-1) === '') lines.pop();
  return lines.flatMap((line) => (line.length > maxLineLength ? pieces(line) : [line]));
}

function pieces(line: string): string[] {
  const found: string[] = [];
  for (let start = 0; start < line.length; ) {
    let end = Math.min(line.length, start + maxLineLength);
    // Not within a surrogate pair.
    if (end < line.length && /[\udc00-\udfff]/.test(line[end]!)) end -= 1;
    found.push(line.slice(start, end));
    start = end;
  }
  return found;
}
