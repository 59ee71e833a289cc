import { afterAll, beforeAll, expect, test } from 'vitest';
import { seriousFaults } from '../../support/accessibility.ts';
import { describeInBrowser, desktop, openPage, phone } from '../../support/browser.ts';
import {
  startTrialgraph,
  type TrialgraphProcess,
  temporaryDirectory,
} from '../../support/trialgraph-process.ts';
import { createStudy, trainedStudy } from './trained-study.ts';

describeInBrowser('axe finds nothing serious', (browser) => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let server: TrialgraphProcess;
  let paths: string[];

  beforeAll(async () => {
    directory = await temporaryDirectory();
    server = await startTrialgraph({ dataDir: directory.path });
    const id = await trainedStudy(server, {
      name: 'iris',
      trials: 4,
      input: {
        tags: ['flowers'],
        objectives: [
          { metric: 'valLoss', direction: 'MINIMIZE' },
          { metric: 'trainSeconds', direction: 'MINIMIZE' },
        ],
      },
    });
    const other = await createStudy(server, { name: 'created' });
    const { study } = await server.graphql<{ study: { trials: { edges: { node: { id: string } }[] } } }>(
      'query ($id: ID!) { study(id: $id) { trials(first: 1) { edges { node { id } } } } }',
      { id },
    );
    paths = [
      '/studies',
      '/studies/new?trainable=dense',
      `/studies/compare?studies=["${id}","${other}"]`,
      ...['', '/curves', '/trials', '/analysis', '/compare?trials=[0,1]'].map(
        (tab) => `/studies/${id}${tab}`,
      ),
      `/trials/${study.trials.edges[0]!.node.id}`,
      '/devices',
    ];
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    await directory?.[Symbol.asyncDispose]();
  });

  for (const [name, viewport, colorScheme] of [
    ['wide and light', desktop, 'light'],
    ['narrow and dark', phone, 'dark'],
  ] as const) {
    test(`in any page, ${name}`, async () => {
      const { page } = await openPage(browser(), server.url, {
        viewport,
        colorScheme,
        reducedMotion: 'reduce',
      });
      const found: string[] = [];
      for (const path of paths) {
        await page.goto(server.url + path);
        await page.locator('#content h1, #content h2').first().waitFor();
        await page.waitForTimeout(800);
        found.push(...(await seriousFaults(page)).map((fault) => `${path} ${fault}`));
        const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
        if (overflow > 0) found.push(`${path} is ${overflow} pixels too wide`);
      }
      expect(found).toEqual([]);
    });
  }
});
