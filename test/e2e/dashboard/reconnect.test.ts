import { expect, test } from 'vitest';
import { describeInBrowser, openPage } from '../../support/browser.ts';
import { createTestDatabase } from '../../support/postgres.ts';
import { startTrialgraph, temporaryDirectory } from '../../support/trialgraph-process.ts';
import { createStudy } from './trained-study.ts';

const database = await createTestDatabase();

describeInBrowser('a page whose server is killed', (browser) => {
  test('says so, and is live again without a reload once the server is back', async () => {
    await using directory = await temporaryDirectory();
    const env = { DATABASE_URL: database.url };
    let server = await startTrialgraph({ dataDir: directory.path, env });
    const { port } = new URL(server.url);
    const id = await createStudy(server, { name: 'outlives its server' });
    const { page, troubles } = await openPage(browser(), `${server.url}/studies/${id}`);
    await page.getByRole('heading', { name: 'outlives its server' }).waitFor();
    await page.evaluate('globalThis.isSamePage = true');

    const form = await openPage(browser(), `${server.url}/studies/new?trainable=dense`);
    await form.page.getByLabel('Name', { exact: false }).first().fill('written before');
    await form.page.getByLabel('Highest units1').fill('64');
    // What is still being loaded would be cut off.
    await page.waitForLoadState('networkidle');
    await form.page.waitForLoadState('networkidle');
    await server.kill();
    await form.page.getByRole('button', { name: 'Create only' }).click();
    await form.page.getByRole('alert').getByText('The server cannot be reached').waitFor();
    await page.getByTestId('connection-banner').waitFor();
    expect(await page.getByRole('heading', { name: 'outlives its server' }).isVisible()).toBe(true);
    // A tab that has not been opened yet waits for the server, in the page as it is.
    await page.getByRole('link', { name: 'Trials', exact: true }).click();
    await page.waitForTimeout(500);
    expect(await page.getByRole('heading', { name: 'outlives its server' }).isVisible()).toBe(true);
    // Its page follows the study on, over changes made while nobody was there to tell of them.
    server = await startTrialgraph({ dataDir: directory.path, env, args: ['--port', port] });
    await server.graphql('mutation ($id: ID!) { startStudy(id: $id, trials: 1) { id } }', { id });
    await page.getByTestId('connection-banner').waitFor({ state: 'detached', timeout: 30_000 });
    await expect
      .poll(() => page.locator('#content').textContent(), { timeout: 60_000 })
      .toContain('1 trials');
    await expect.poll(() => new URL(page.url()).pathname).toBe(`/studies/${id}/trials`);
    await page.getByRole('button', { name: 'Columns' }).waitFor();
    expect(await page.evaluate('globalThis.isSamePage')).toBe(true);
    // What was written is there still.
    await form.page.getByTestId('connection-banner').waitFor({ state: 'detached', timeout: 30_000 });
    await form.page.getByRole('button', { name: 'Create only' }).click();
    await form.page.getByRole('heading', { name: 'written before' }).waitFor();
    troubles.push(...form.troubles.splice(0));
    // Only the connections that failed meanwhile.
    expect(troubles.splice(0).filter((trouble) => !/ERR_CONNECTION|WebSocket/.test(trouble))).toEqual([]);
    await form.page.context().close();
    await page.context().close();
    await server.stop();
  });
});
