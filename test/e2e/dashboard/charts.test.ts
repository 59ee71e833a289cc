import type { Page, Request } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, openPage, phone } from '../../support/browser.ts';
import {
  startTrialgraph,
  type TrialgraphProcess,
  temporaryDirectory,
} from '../../support/trialgraph-process.ts';
import { toldStudy } from './told-study.ts';
import { createStudy } from './trained-study.ts';

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const spikeStep = 7777;

describeInBrowser('the charts of a study', (browser) => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let server: TrialgraphProcess;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    server = await startTrialgraph({ dataDir: directory.path });
  });
  afterAll(async () => {
    await server?.stop();
    await directory?.[Symbol.asyncDispose]();
  });

  test('fill with history and curves while trials train', async () => {
    const study = await createStudy(server, { name: 'live', stopRules: { maxTrials: 5 } });
    const { page } = await openPage(browser(), `${server.url}/studies/${study}`);
    await page.getByText('The first trial that ends appears here.').waitFor();
    await server.graphql('mutation ($id: ID!) { startStudy(id: $id) { id } }', { id: study });
    await page
      .getByRole('img', { name: /^History of valLoss: 5 marks\. The lowest value so far is/ })
      .waitFor();
    await page.getByRole('region', { name: 'Best trials' }).locator('tbody tr').nth(4).waitFor();
    await page.getByRole('link', { name: 'Curves' }).click();
    await page
      .getByRole('img', { name: /^Curves of valLoss of 5 trials\. Their last values are from/ })
      .waitFor();
  });

  test('grow by what a running trial reports, without reading it again', async () => {
    const study = await createStudy(server, {
      name: 'reports',
      trainable: null,
      trainableOptions: {},
      searchSpace: { x: { type: 'float', low: 0, high: 1 } },
    });
    const { askTrials } = await server.graphql<{ askTrials: [{ id: string }] }>(
      'mutation ($id: ID!) { askTrials(study: $id, count: 1) { id } }',
      { id: study },
    );
    const report = (step: number, value: number) =>
      server.graphql('mutation ($input: ReportMetricsInput!) { reportMetrics(input: $input) { accepted } }', {
        input: { trial: askTrials[0].id, series: [{ name: 'valLoss', steps: [step], values: [value] }] },
      });
    await report(1, 0.25);
    const { page } = await openPage(browser(), `${server.url}/studies/${study}/curves?metrics=["valLoss"]`);
    const chart = (last: string) =>
      page.getByRole('img', {
        name: `Curves of valLoss of 1 trials. Their last values are from ${last} to ${last}.`,
      });
    await chart('0.25').waitFor();
    const reads: Request[] = [];
    page.on('request', (request) => {
      if (request.postData()?.includes('query CurvePoints')) reads.push(request);
    });
    await report(2, 0.125);
    await chart('0.125').waitFor();
    expect(reads).toHaveLength(0);
  });

  test('read finer points when zoomed, and go back', async () => {
    const steps = range(0, 12_000);
    const values = steps.map((step) => (step === spikeStep ? 9 : Math.sin(step / 500)));
    const study = await toldStudy(server, {
      name: 'zoom',
      objectives: ['loss'],
      trials: 2,
      run: () => ({ values: { loss: 1 }, curve: { steps, values } }),
    });
    const { page } = await openPage(browser(), `${server.url}/studies/${study}/curves`);
    const plot = page.getByRole('img', { name: /^Curves of loss of 2 trials/ }).locator('.u-over');
    await plot.waitFor();
    const box = (await plot.boundingBox())!;
    const finer = page.waitForRequest((request) => /"fromStep":\d/.test(request.postData() ?? ''));
    await page.mouse.move(box.x + 0.6 * box.width, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.7 * box.width, box.y + 120, { steps: 4 });
    await page.mouse.up();
    const { variables } = JSON.parse((await finer).postData()!) as {
      variables: { fromStep: number; toStep: number };
    };
    expect(variables.fromStep).toBeGreaterThan(6900);
    expect(variables.toStep).toBeLessThan(8700);
    await expect.poll(() => page.url()).toContain('zoom=');
    await plot.dblclick({ position: { x: 30, y: 20 } });
    await expect.poll(() => page.url()).not.toContain('zoom=');
    await page.mouse.move(box.x + 0.5 * box.width, box.y + 100);
    await page.mouse.wheel(0, -100);
    await expect.poll(() => page.url()).toContain('zoom=');
    await page.getByRole('button', { name: 'Whole range' }).click();
    await expect.poll(() => page.url()).not.toContain('zoom=');
  });

  test('open the trial whose mark or curve is clicked', async () => {
    const study = await toldStudy(server, {
      name: 'click',
      objectives: ['loss'],
      trials: 1,
      run: () => ({ values: { loss: 1 }, curve: { steps: [0, 10], values: [1, 1] } }),
    });
    const { page } = await openPage(browser(), `${server.url}/studies/${study}/curves`);
    const plot = page.getByRole('img', { name: /^Curves of loss of 1 trials\. Their/ }).locator('.u-over');
    const box = (await plot.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.getByText('Trial 0').waitFor();
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await expect.poll(() => page.url()).toContain('/trials/trial-');
  });

  test('keep the trials in a range that is dragged on an axis, also from a link', async () => {
    const study = await toldStudy(server, {
      name: 'brush',
      objectives: ['loss'],
      trials: 20,
      run: ({ x }) => ({ values: { loss: x! } }),
    });
    const address = `${server.url}/studies/${study}/analysis?chart=parallel`;
    const { page } = await openPage(browser(), address);
    const chart = page.getByRole('img', { name: /^Parallel coordinates of 20 trials/ });
    await page.getByText('20 of 20 completed trials').waitFor();
    const box = (await chart.boundingBox())!;
    // The first axis, x, is the chart's left margin away.
    await dragDown(page, box.x + 48, box.y + 34 + 2, box.y + 34 + 150);
    await expect.poll(() => page.url()).toContain('brush=');
    await expect.poll(() => keptTrials(page)).toBeLessThan(20);
    const kept = await keptTrials(page);
    expect(kept).toBeGreaterThan(0);
    const rows = page.getByRole('region', { name: 'Trials in the ranges' }).locator('tbody tr');
    expect(await rows.count()).toBe(kept);

    const link = await openPage(browser(), page.url());
    await expect.poll(() => keptTrials(link.page)).toBe(kept);
    await link.page.getByRole('button', { name: 'Take the range of x away' }).click();
    await link.page.getByText('20 of 20 completed trials').waitFor();
  });

  test('keep the trials in a range that is typed, and show them in the table of trials', async () => {
    const xs: number[] = [];
    const study = await toldStudy(server, {
      name: 'typed range',
      objectives: ['loss'],
      trials: 20,
      run: ({ x }) => {
        xs.push(x!);
        return { values: { loss: x! } };
      },
    });
    const kept = xs.filter((x) => x <= 0.5).length;
    const { page } = await openPage(browser(), `${server.url}/studies/${study}/analysis?chart=parallel`);
    await page.getByText('20 of 20 completed trials').waitFor();
    await page.keyboard.press('r');
    await page.getByLabel('To', { exact: true }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('0.5');
    await page.keyboard.press('Enter');
    await page.getByText(`${kept} of 20 completed trials`).waitFor();
    await page.getByRole('link', { name: 'In the table' }).click();
    await page.getByText(`${kept} of 20`, { exact: true }).waitFor();
  });

  test('rank trials anew by the weights of their objectives', async () => {
    const study = await toldStudy(server, {
      name: 'weights',
      objectives: ['loss', 'seconds'],
      trials: 3,
      run: (_, trial) => ({ values: { loss: [1, 2, 3][trial]!, seconds: [30, 20, 10][trial]! } }),
    });
    const { page } = await openPage(
      browser(),
      `${server.url}/studies/${study}/analysis?chart=weights&weights=[1,0]`,
    );
    const first = page.getByRole('region', { name: 'Trials by these weights' }).locator('tbody tr').first();
    await first.getByText('0', { exact: true }).first().waitFor();
    await page.getByRole('slider', { name: 'Weight of seconds' }).press('End');
    await page.getByRole('slider', { name: 'Weight of loss' }).press('Home');
    await first.getByRole('button', { name: '2', exact: true }).waitFor();
    await expect.poll(() => decodeURIComponent(page.url())).toContain('weights=[0,1]');
  });

  test('place trials on a map by a worker, and draw every other kind of chart', async () => {
    const study = await toldStudy(server, {
      name: 'kinds',
      objectives: ['loss', 'seconds'],
      trials: 12,
      run: ({ x, rate }) => ({ values: { loss: x!, seconds: 1 / rate! } }),
    });
    const { page } = await openPage(browser(), `${server.url}/studies/${study}/analysis`);
    const shown = [
      ['Front', /^seconds against loss: \d+ trials are on the front/],
      ['Slices', 'loss along rate.'],
      ['Contour', 'loss by x and rate.'],
      ['Distribution', /^The distribution of seconds: half of 12 trials/],
      ['Timeline', /^When 12 trials ran/],
      ['Map', '12 trials, near each other where their settings are alike.'],
    ] as const;
    for (const [kind, name] of shown) {
      await page.getByRole('radiogroup', { name: 'Chart' }).getByText(kind, { exact: true }).click();
      await page.getByRole('img', { name }).waitFor();
    }
  });

  test('are drawn for dark screens, and fit a phone', async () => {
    const study = await toldStudy(server, {
      name: 'dark',
      objectives: ['loss'],
      trials: 3,
      run: ({ x }) => ({ values: { loss: x! } }),
    });
    const { page } = await openPage(browser(), `${server.url}/studies/${study}`, {
      viewport: phone,
      colorScheme: 'dark',
    });
    await page.getByRole('img', { name: /^History of loss: 3 marks/ }).waitFor();
    // The line of the best so far has the dark scheme's accent, #97a5ff.
    const accent = `(() => {
      const canvas = document.querySelector('canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let i = 0; i < data.length; i += 4) {
        if (data[i] === 0x97 && data[i + 1] === 0xa5 && data[i + 2] === 0xff) count++;
      }
      return count;
    })()`;
    await expect.poll(() => page.evaluate(accent)).toBeGreaterThan(20);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  });
});

async function dragDown(page: Page, x: number, from: number, to: number): Promise<void> {
  await page.mouse.move(x, from);
  await page.mouse.down();
  await page.mouse.move(x, (from + to) / 2, { steps: 3 });
  await page.mouse.move(x, to, { steps: 3 });
  await page.mouse.up();
}

async function keptTrials(page: Page): Promise<number> {
  const note = await page.getByText(/^\d+ of 20 completed trials$/).textContent();
  return Number.parseInt(note!, 10);
}
