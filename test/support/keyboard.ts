import type { Page } from 'playwright-core';

/** What has the focus: its role or tag and its name; null for nothing. */
export function focused(page: Page): Promise<string | null> {
  return page.evaluate(`(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return null;
    const name = element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent;
    return (element.getAttribute('role') ?? element.localName) + ' ' + name.trim().slice(0, 60);
  })()`);
}

/** Presses Tab until it leaves the page. @returns what it came to while that was hidden behind something else */
export async function hiddenStops(
  page: Page,
): Promise<{ readonly stops: number; readonly hidden: string[] }> {
  const hidden: string[] = [];
  for (let stops = 0; ; stops++) {
    await page.keyboard.press('Tab');
    const stop = await focused(page);
    if (stop === null) return { stops, hidden };
    if (!(await page.evaluate<boolean>(isInSight))) hidden.push(stop);
    if (stops > 300) throw new Error(`Tab does not leave the page; it is at ${stop}.`);
  }
}

/** Whether the middle, or a corner, of what has the focus is what one would click there. */
const isInSight = `(() => {
  const element = document.activeElement;
  const { x, y, width, height } = element.getBoundingClientRect();
  return [[0.5, 0.5], [0.1, 0.2], [0.9, 0.8]].some(([right, down]) => {
    const shown = document.elementFromPoint(x + right * width, y + down * height);
    if (shown === null) return false;
    const around = [...(element.labels ?? []), element.parentElement];
    return element.contains(shown) || around.some((other) => other !== document.body && other.contains(shown));
  });
})()`;
