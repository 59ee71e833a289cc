import { expect, test } from 'vitest';
import { describeInBrowser, openPage } from '../../support/browser.ts';
import { startTrialgraph, temporaryDirectory } from '../../support/trialgraph-process.ts';
import { createStudy } from './trained-study.ts';

const hostile = '<img src=x onerror="globalThis.isHacked = true"><script>globalThis.isHacked = true</script>';
const token = 'correct-horse-battery';

describeInBrowser('the dashboard', (browser) => {
  test('shows what people write as text, runs no foreign script, and asks no other server', async () => {
    await using directory = await temporaryDirectory();
    const server = await startTrialgraph({ dataDir: directory.path });
    const id = await createStudy(server, {
      name: hostile,
      description: hostile,
      tags: [hostile],
      trainable: null,
      trainableOptions: {},
      objectives: [{ metric: hostile, direction: 'MINIMIZE' }],
      searchSpace: { [hostile]: { type: 'categorical', choices: [hostile, 'b'] } },
    });
    const { askTrials } = await server.graphql<{ askTrials: { id: string }[] }>(
      'mutation ($id: ID!) { askTrials(study: $id) { id } }',
      { id },
    );
    const [trial] = askTrials;
    await server.graphql('mutation ($input: ReportLogInput!) { reportLog(input: $input) { accepted } }', {
      input: { trial: trial!.id, lines: [hostile] },
    });
    await server.graphql(
      'mutation ($id: ID!, $input: TellTrialInput!) { tellTrial(id: $id, input: $input) { id } }',
      {
        id: trial!.id,
        input: { state: 'FAILED', error: hostile },
      },
    );
    // openPage fails the test for requests to other servers and for what the policy stopped.
    const { page } = await openPage(browser(), `${server.url}/studies`);
    await page.getByRole('link', { name: hostile }).waitFor();
    const tabs = ['', '/curves', '/trials', '/analysis', '/compare?trials=[0]'];
    const paths = [
      ...tabs.map((tab) => `/studies/${id}${tab}`),
      `/trials/${trial!.id}`,
      `/studies/new?from=${id}`,
    ];
    for (const path of paths) {
      await page.goto(server.url + path);
      await page.locator('#content h1, #content h2').first().waitFor();
      await page.waitForTimeout(300);
      expect(await page.evaluate('globalThis.isHacked')).toBeUndefined();
      expect(await page.locator('#content img[src="x"]').count()).toBe(0);
    }
    await page.context().close();
    await server.stop();
  });

  test('asks for the access token where the server wants one', async () => {
    await using directory = await temporaryDirectory();
    const env = { TRIALGRAPH_TOKEN: token };
    const server = await startTrialgraph({ dataDir: directory.path, env });
    const { page, troubles } = await openPage(browser(), `${server.url}/devices`);
    await page.getByLabel('Access token').fill('wrong-horse-battery');
    await page.getByRole('button', { name: 'Open the dashboard' }).click();
    await page.getByText('does not accept').waitFor();
    await page.getByLabel('Access token').fill(token);
    await page.getByRole('button', { name: 'Open the dashboard' }).click();
    await page.getByRole('heading', { name: 'Devices' }).first().waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Devices' }).first().waitFor();
    expect(troubles.splice(0).filter((trouble) => !/401/.test(trouble))).toEqual([]);
    await page.context().close();
    await server.stop();
  });

  test('has a first load of less than 400 kB, compressed', async () => {
    await using directory = await temporaryDirectory();
    const server = await startTrialgraph({ dataDir: directory.path });
    const context = await browser().newContext();
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Network.enable');
    let bytes = 0;
    devtools.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await page.goto(`${server.url}/studies`);
    await page.getByText('No studies yet').waitFor();
    await page.waitForTimeout(500);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(400_000);
    await context.close();
    await server.stop();
  });
});
