/**
 * Colours of lines and marks that have no meaning of their own, in the order in which they are taken: ten hues of even
 * lightness that neighbours in the order keep apart for the colour-blind too, for each colour scheme.
 */
const categorical = {
  light: [
    '#3f62d8',
    '#d9730d',
    '#00876c',
    '#c2408f',
    '#7a5af0',
    '#8a7a00',
    '#0d8fb3',
    '#c4432b',
    '#5c8a2e',
    '#80603f',
  ],
  dark: [
    '#7f9bff',
    '#f5a255',
    '#3ecfa9',
    '#ef8cc7',
    '#b09aff',
    '#d6c545',
    '#56c4e8',
    '#ff8a73',
    '#a0d16c',
    '#cfa981',
  ],
} as const;

/** From low to high: viridis, which is even in lightness and readable for the colour-blind. */
export const sequential = ['#440154', '#414487', '#2a788e', '#22a884', '#7ad151', '#fde725'] as const;

export type Scheme = keyof typeof categorical;

/** The colour of the series at this place; from the eleventh on they begin anew. */
export function seriesColor(index: number, scheme: Scheme): string {
  const colors = categorical[scheme];
  return colors[index % colors.length]!;
}

/** What a token such as `--state-failed` or `var(--line)` is now, for canvases, which know no variables. */
export function resolvedColor(token: string): string {
  const probe = document.createElement('span');
  probe.style.forcedColorAdjust = 'none';
  probe.style.color = token.startsWith('var(') ? token : `var(${token})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
