import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest';

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const hasChromium = existsSync(executablePath);
if (!hasChromium) {
  console.warn(
    `Tests in a browser are skipped: there is no Chromium at ${executablePath}. ` +
      'Install it (apt-get install chromium), or say where one is: CHROMIUM_PATH=/path/to/chrome.',
  );
}

/** The two sizes that every page must look well in. */
export const desktop = { width: 1280, height: 800 };
export const phone = { width: 390, height: 844 };

/** Tests in a real Chromium, which are skipped, and say so, where there is none. */
export function describeInBrowser(name: string, tests: (browser: () => Browser) => void): void {
  describe.skipIf(!hasChromium)(name, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchBrowser();
    }, 30_000);
    afterAll(() => browser?.close());
    tests(() => browser);
  });
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

export interface OpenedPage {
  readonly page: Page;
  /** Exceptions, errors on the console, broken policies, and requests that left for another server. */
  readonly troubles: string[];
}

/** Opens an address; the page is closed after the test, which fails where there were troubles that it did not take. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: desktop, locale: 'en-US', ...options });
  const page = await context.newPage();
  const troubles = watchTroubles(page, url);
  onTestFinished(async () => {
    await context.close();
    expect(troubles).toEqual([]);
  });
  await page.goto(url);
  return { page, troubles };
}

export function watchTroubles(page: Page, url: string): string[] {
  const { host } = new URL(url);
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  page.on('request', (request) => {
    const { protocol, host: target } = new URL(request.url());
    if (!['data:', 'blob:'].includes(protocol) && target !== host) troubles.push(request.url());
  });
  return troubles;
}
