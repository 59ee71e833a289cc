import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createClient } from '../../src/client/index.ts';
import { desktop, launchBrowser, phone } from '../../test/support/browser.ts';
import { startTrialgraph, temporaryDirectory } from '../../test/support/trialgraph-process.ts';
import { picturesOf } from './pages.ts';
import { createSampleStudies, findSampleStudies } from './sample-studies.ts';

/*
 * npm run screenshots: takes pictures of every page of the dashboard, light and dark, wide and narrow, into docs/images.
 * With --url it looks at a server that has the sample studies already, with --only at some pages, with --out elsewhere.
 */

/** Live data has come and charts are drawn by then, save those that say that they wait. */
const quietMs = 800;
const isWaiting = /reading \d|Looking at all/;

const { values: options } = parseArgs({
  options: {
    url: { type: 'string' },
    only: { type: 'string' },
    out: { type: 'string', default: 'docs/images' },
  },
});

await using directory = await temporaryDirectory();
const server = options.url === undefined ? await startTrialgraph({ dataDir: directory.path }) : null;
const url = options.url ?? server!.url;
const client = createClient({ url });
const browser = await launchBrowser();
try {
  const studies = (await findSampleStudies(client)) ?? (await createSampleStudies(client));
  const wanted = options.only?.split(',');
  const pictures = (await picturesOf(studies)).filter(({ name }) => wanted?.includes(name) ?? true);
  const out = resolve(options.out);
  await mkdir(out, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [size, viewport] of Object.entries({ wide: desktop, narrow: phone })) {
      const context = await browser.newContext({
        viewport,
        colorScheme,
        locale: 'en-US',
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      page.on('pageerror', (error) => console.error(`${page.url()}: ${error}`));
      for (const { name, path } of pictures) {
        await page.goto(url + path);
        await page.locator('#content h1, #content h2').first().waitFor();
        await page.waitForTimeout(quietMs);
        await page.locator('#content', { hasText: isWaiting }).waitFor({ state: 'hidden', timeout: 20_000 });
        await page.waitForTimeout(quietMs);
        await page.screenshot({ path: join(out, `dashboard-${name}-${size}-${colorScheme}.png`) });
      }
      await context.close();
    }
  }
  console.log(`${pictures.length * 4} pictures in ${out}`);
} finally {
  await browser.close();
  client.close();
  await server?.stop();
}
