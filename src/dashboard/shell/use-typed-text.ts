import { useEffect, useState } from 'react';

/** The address changes when nobody has typed for so long. */
const typingMs = 200;

/**
 * A text that is typed at once and kept in the address a little later. What the address says wins when it changes by
 * other means, such as the browser's back button.
 */
export function useTypedText(
  kept: string | undefined,
  keep: (text: string | undefined) => void,
): readonly [text: string, setText: (text: string) => void] {
  const [text, setText] = useState(kept ?? '');
  useEffect(() => setText(kept ?? ''), [kept]);
  useEffect(() => {
    if (text === (kept ?? '')) return;
    const timer = setTimeout(() => keep(text === '' ? undefined : text), typingMs);
    return () => clearTimeout(timer);
  });
  return [text, setText];
}
