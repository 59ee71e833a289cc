/** Numbers, times and names as sentences have them. */

const hourMs = 3_600_000;

/** Four significant digits. */
export function showNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** `1 trial`, `1,024 trials`. */
export function showCount(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

export function showPercent(share: number): string {
  const percent = 100 * share;
  if (percent > 0 && percent < 1) return 'less than 1%';
  if (percent > 99 && percent < 100) return 'more than 99%';
  return `${Math.round(percent)}%`;
}

/** `3.2 device-hours`; in minutes or seconds where it is less. */
export function showHours(hours: number): string {
  const [amount, unit] =
    hours >= 1
      ? [hours, 'device-hour']
      : hours * 60 >= 1
        ? [hours * 60, 'device-minute']
        : [hours * 3600, 'device-second'];
  const shown = amount >= 100 ? Math.round(amount) : Number(amount.toPrecision(2));
  return `${shown.toLocaleString('en-US')} ${unit}${shown === 1 ? '' : 's'}`;
}

/** `` `a`, `b` and `c` ``. */
export function showNames(names: readonly string[]): string {
  return joinWords(names.map((name) => `\`${name}\``));
}

export function joinWords(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

export function hoursOf(durationMs: number): number {
  return durationMs / hourMs;
}
