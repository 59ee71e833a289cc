import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, openPage, phone } from '../../support/browser.ts';
import { startProxy } from '../../support/proxy.ts';
import {
  startTrialgraph,
  type TrialgraphProcess,
  temporaryDirectory,
} from '../../support/trialgraph-process.ts';
import { trainedStudy } from './trained-study.ts';

describeInBrowser('the dashboard', (browser) => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let server: TrialgraphProcess;
  let study: string;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    server = await startTrialgraph({ dataDir: directory.path });
    study = await trainedStudy(server, { name: 'iris', trials: 4 });
  });
  afterAll(async () => {
    await server?.stop();
    await directory?.[Symbol.asyncDispose]();
  });

  test('begins with the studies, and opens one', async () => {
    const { page } = await openPage(browser(), server.url);
    await expect.poll(() => page.url()).toContain('/studies');
    await page.getByRole('link', { name: 'iris' }).click();
    await page.getByRole('heading', { name: 'iris' }).waitFor();
    expect(page.url()).toBe(`${server.url}/studies/${study}`);
    expect(await page.title()).toBe('iris · trialgraph');
  });

  test('opens a deep link, on a phone and in the dark', async () => {
    const { page } = await openPage(browser(), `${server.url}/studies/${study}/trials`, {
      viewport: phone,
      colorScheme: 'dark',
    });
    await page.getByRole('link', { name: 'Trials', exact: true }).waitFor();
    const background = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(background).toBe('rgb(22, 23, 27)');
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
  });

  test('says what to do where there is no page, and no study', async () => {
    const { page } = await openPage(browser(), `${server.url}/nowhere`);
    await page.getByText('There is no page at this address').waitFor();
    await page.goto(`${server.url}/studies/study-999`);
    await page.getByText('There is no such study').waitFor();
  });

  test('goes where the keys say', async () => {
    const { page } = await openPage(browser(), `${server.url}/devices`);
    await page.getByRole('heading', { name: 'Devices' }).first().waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await expect.poll(() => page.url()).toContain('/studies');
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Go to the devices').waitFor();
  });

  test('shows what HTTP gives behind a proxy that passes no WebSockets, says so, and is live once it does', async () => {
    await using proxy = await startProxy(server.url);
    proxy.passesNoWebSockets = true;
    const { page, troubles } = await openPage(browser(), `${proxy.url}/studies/${study}/curves`);
    await page.getByRole('img', { name: /^Curves of valLoss of 4 trials\. Their/ }).waitFor();
    const banner = page.getByTestId('connection-banner');
    await banner.getByText('no WebSocket to it opens').waitFor();
    proxy.passesNoWebSockets = false;
    await banner.waitFor({ state: 'detached' });
    await page.getByRole('img', { name: /^Curves of valLoss of 4 trials\. Their/ }).waitFor();
    expect(troubles.splice(0).filter((trouble) => !trouble.includes('WebSocket'))).toEqual([]);
    await page.context().close();
  });

  test('asks for a reload where an update has taken a part of the page away', async () => {
    const { page, troubles } = await openPage(browser(), `${server.url}/studies`);
    await page.getByRole('link', { name: 'iris' }).waitFor();
    await page.route('**/assets/devices-*', (route) => route.fulfill({ status: 404 }));
    await page.getByRole('link', { name: 'Devices', exact: true }).click();
    await page.getByText('Reload the page: it was updated').waitFor();
    await page.unroute('**/assets/devices-*');
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.getByRole('heading', { name: 'Devices', level: 1 }).waitFor();
    expect(troubles.splice(0).filter((trouble) => !/404|preload/.test(trouble))).toEqual([]);
  });

  test('says that the server is without its database, and goes on once that answers', async () => {
    const { page, troubles } = await openPage(browser(), `${server.url}/devices`);
    await page.getByRole('heading', { name: 'Devices', level: 1 }).waitFor();
    const postgres = await postgresOf(directory.path);
    for (const pid of postgres) process.kill(pid, 'SIGSTOP');
    try {
      await page.getByRole('link', { name: 'Studies', exact: true }).click();
      await page.getByTestId('connection-banner').getByText('its database does not answer').waitFor();
    } finally {
      for (const pid of postgres) process.kill(pid, 'SIGCONT');
    }
    await page.getByRole('link', { name: 'iris' }).waitFor();
    await page.getByTestId('connection-banner').waitFor({ state: 'detached' });
    expect(troubles.splice(0).filter((trouble) => !trouble.includes('503'))).toEqual([]);
    await page.context().close();
  });
});

/** The processes of the embedded PostgreSQL in a data directory, the first before those that it has started. */
async function postgresOf(dataDir: string): Promise<number[]> {
  const file = await readFile(join(dataDir, 'postgres/cluster/postmaster.pid'), 'utf8');
  const first = Number(file.split('\n')[0]);
  const children = await readFile(`/proc/${first}/task/${first}/children`, 'utf8');
  return [first, ...children.trim().split(' ').map(Number)];
}
