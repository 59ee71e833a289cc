import { useEffect, useRef, useState } from 'react';

/** The address changes when a value has stayed for so long: browsers refuse to change it as often as a pointer moves. */
const settleMs = 200;

/**
 * A value that changes at once, such as a text that is typed, and is kept in the address a little later. What the address
 * says wins when it changes by other means, such as the browser's back button.
 * @param keep puts it into the address; undefined takes it out
 */
export function useSettled<T>(
  kept: T | undefined,
  keep: (value: T | undefined) => void,
): readonly [value: T | undefined, set: (value: T | undefined) => void] {
  const [value, setValue] = useState(kept);
  const latest = useRef(keep);
  latest.current = keep;
  const address = JSON.stringify(kept);
  /** What this hook or others have put into the address last. */
  const known = useRef(address);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the text stands for the value, which each reading makes anew
  useEffect(() => {
    if (address === known.current) return;
    known.current = address;
    setValue(kept);
  }, [address]);

  useEffect(() => {
    if (JSON.stringify(value) === known.current) return;
    const timer = setTimeout(() => {
      known.current = JSON.stringify(value);
      latest.current(value);
    }, settleMs);
    return () => clearTimeout(timer);
  }, [value]);

  return [value, setValue];
}
