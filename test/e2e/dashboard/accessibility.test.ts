import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seriousFaults } from '../../support/accessibility.ts';
import { describeInBrowser, desktop, openPage, phone } from '../../support/browser.ts';
import { focused, hiddenStops } from '../../support/keyboard.ts';
import {
  startTrialgraph,
  type TrialgraphProcess,
  temporaryDirectory,
} from '../../support/trialgraph-process.ts';
import { createStudy, trainedStudy } from './trained-study.ts';

/** What else than the pages is looked at takes a while: each in one look of either scheme and either width. */
const looks: readonly (readonly [string, BrowserContextOptions, 'charts' | 'openings'])[] = [
  ['wide and light', { viewport: desktop, colorScheme: 'light' }, 'charts'],
  ['wide and dark', { viewport: desktop, colorScheme: 'dark' }, 'openings'],
  ['narrow and light', { viewport: phone, colorScheme: 'light' }, 'openings'],
  ['narrow and dark', { viewport: phone, colorScheme: 'dark' }, 'charts'],
];

const charts = [
  'front',
  'parallel',
  'slices',
  'plane',
  'plane&plane=rank',
  'distribution',
  'timeline',
  'weights',
  'map',
];

describeInBrowser('axe finds nothing serious', (browser) => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let server: TrialgraphProcess;
  let paths: string[];
  let chartPaths: string[];
  /** A study of three objectives that has ended, one that has not begun, and a trial. */
  let study: string;
  let created: string;
  let trial: string;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    server = await startTrialgraph({ dataDir: directory.path });
    study = await trainedStudy(server, {
      name: 'iris',
      trials: 4,
      input: {
        tags: ['flowers'],
        objectives: ['valLoss', 'trainSeconds', 'parameters'].map((metric) => ({
          metric,
          direction: 'MINIMIZE',
        })),
      },
    });
    created = await createStudy(server, { name: 'created' });
    const answer = await server.graphql<{ study: { trials: { edges: { node: { id: string } }[] } } }>(
      'query ($id: ID!) { study(id: $id) { trials(first: 1) { edges { node { id } } } } }',
      { id: study },
    );
    trial = answer.study.trials.edges[0]!.node.id;
    paths = [
      '/studies',
      '/studies/new?trainable=dense',
      `/studies/compare?studies=["${study}","${created}"]`,
      ...['', '/curves', '/trials', '/compare?trials=[0,1]'].map((tab) => `/studies/${study}${tab}`),
      ...['', '/curves', '/trials', '/analysis', '/compare'].map((tab) => `/studies/${created}${tab}`),
      `/trials/${trial}`,
      '/devices',
      '/nowhere',
    ];
    chartPaths = charts.map((chart) => `/studies/${study}/analysis?chart=${chart}`);
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    await directory?.[Symbol.asyncDispose]();
  });

  for (const [name, look, extent] of looks) {
    test(`in any page, ${name}`, async () => {
      const page = await lookAt(look);
      const found: string[] = [];
      for (const path of extent === 'charts' ? [...paths, ...chartPaths] : paths) {
        await show(page, path);
        found.push(...(await faultsOf(page, path)));
      }
      expect(found).toEqual([]);
    });
  }

  for (const [name, look] of looks.filter(([, , extent]) => extent === 'openings')) {
    test(`in what opens, ${name}`, async () => {
      const page = await lookAt(look);
      const found: string[] = [];
      const press = (button: RegExp | string) => page.getByRole('button', { name: button }).first().click();
      const choose = async (item: string) => {
        await press(/^Actions on/);
        await page.getByRole('menuitem', { name: item }).click();
      };
      /** The server has a study of this name. */
      const refuse = async () => {
        await page.getByLabel('Name').fill('iris');
        await press('Create only');
      };
      const opened: readonly (readonly [string, string, () => Promise<unknown>])[] = [
        ['/studies', 'menu', () => press(/^Actions on/)],
        ['/studies', 'dialog', () => choose('Delete…')],
        ['/studies', 'dialog', () => choose('Clone…')],
        ['/studies', 'dialog', () => choose('Settings…')],
        ['/studies', 'dialog', () => page.keyboard.press('?')],
        ['/studies', 'listbox', () => page.getByPlaceholder('Any state').click()],
        [`/studies/${study}/trials`, 'dialog', () => press('Columns')],
        [`/studies/${study}/trials`, 'dialog', () => press(/^Filter by/)],
        [`/studies/${study}/trials`, 'menu', () => press('CSV')],
        [`/studies/${study}/analysis?chart=parallel`, 'dialog', () => press(/of \d+ parameters/)],
        [`/studies/${study}/analysis?chart=parallel`, 'dialog', () => press('Range')],
        ['/studies/new?trainable=dense', 'dialog', () => press('always')],
        ['/studies/new?trainable=dense', 'alert', refuse],
        [`/trials/${trial}`, 'dialog', () => press('Enqueue a copy')],
      ];
      let shown = '';
      for (const [path, role, open] of opened) {
        if (path !== shown) await show(page, path);
        shown = path;
        await open();
        const part = page.getByRole(role as 'dialog').first();
        await part.waitFor();
        // Nothing is checked while it fades in.
        await page.waitForTimeout(200);
        found.push(...(await faultsOf(page, `${path} with its ${role} open`)));
        if (role === 'alert') continue;
        await page.keyboard.press('Escape');
        await part.waitFor({ state: 'hidden' });
      }
      expect(found).toEqual([]);
    });
  }

  test('the keyboard comes to nothing that is hidden, and goes on where it was', async () => {
    const page = await lookAt({ viewport: desktop });
    for (const path of ['', '/trials', '/analysis?chart=parallel'].map((tab) => `/studies/${study}${tab}`)) {
      await show(page, path);
      const { stops, hidden } = await hiddenStops(page);
      expect(hidden, path).toEqual([]);
      expect(stops, path).toBeGreaterThan(15);
    }
    await show(page, '/studies/new?trainable=dense');
    expect((await hiddenStops(page)).hidden).toEqual([]);

    await show(page, '/studies');
    const actions = page.getByRole('button', { name: 'Actions on iris' });
    for (const item of ['Continue…', 'Clone…', 'Delete…']) {
      await actions.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('menuitem', { name: item }).press('Enter');
      await page.getByRole('dialog').getByRole('button').first().waitFor();
      await page.keyboard.press('Escape');
      await expect.poll(() => focused(page), { message: item }).toBe('button Actions on iris');
    }
    await page.getByRole('link', { name: 'iris', exact: true }).press('Enter');
    await expect.poll(() => focused(page)).toMatch(/^main iris/);
    await page.keyboard.press('Tab');
    await expect.poll(() => focused(page)).toBe('button Continue…');
  });

  test('what only a colour tells is there where the system decides on colours', async () => {
    const page = await lookAt({ viewport: desktop, forcedColors: 'active' });
    await show(page, `/studies/${study}`);
    const style = (selector: string, property: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((element, name) => {
          const { getComputedStyle } = globalThis as unknown as {
            getComputedStyle(of: unknown): { getPropertyValue(name: string): string };
          };
          return getComputedStyle(element).getPropertyValue(name);
        }, property);
    const ground = await style('body', 'background-color');
    expect(await style('header i', 'background-color')).not.toBe(ground);
    expect(await style('nav a[aria-current]:not([aria-label])', 'background-color')).not.toBe(ground);
    expect(await style('.mantine-Switch-track', 'border-top-width')).not.toBe('0px');
    await page.getByRole('combobox').first().focus();
    expect(await style('input:focus', 'outline-style')).toBe('solid');
  });

  async function lookAt(look: BrowserContextOptions): Promise<Page> {
    const { page } = await openPage(browser(), server.url, { ...look, reducedMotion: 'reduce' });
    return page;
  }

  /** Opens a page and waits until its data have come and its charts are drawn. */
  async function show(page: Page, path: string): Promise<void> {
    await page.goto(server.url + path);
    await page.locator('#content h1, #content h2').first().waitFor();
    await page.waitForTimeout(600);
  }
});

async function faultsOf(page: Page, where: string): Promise<string[]> {
  const found = (await seriousFaults(page)).map((fault) => `${where}: ${fault}`);
  const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  return overflow > 0 ? [...found, `${where} is ${overflow} pixels too wide`] : found;
}
