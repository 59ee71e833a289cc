import { afterAll, beforeAll, expect, test } from 'vitest';
import { seriousFaults } from '../../support/accessibility.ts';
import { describeInBrowser, openPage } from '../../support/browser.ts';
import { createTestDatabase } from '../../support/postgres.ts';
import {
  startTrialgraph,
  type TrialgraphProcess,
  temporaryDirectory,
} from '../../support/trialgraph-process.ts';
import { createStudy } from './trained-study.ts';

const database = await createTestDatabase();

const byHand = {
  trainable: null,
  trainableOptions: null,
  objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
  searchSpace: {
    rate: { type: 'float', low: 0.001, high: 1, log: true },
    optimizer: { type: 'categorical', choices: ['adam', 'sgd'] },
  },
};

const hostile = [
  '# Diverges',
  'after **step 3**: <b id="html">bold</b> <script>globalThis.isHacked = true</script>',
  '<img src=x onerror="globalThis.isHacked = true">',
  '[link](javascript:globalThis.isHacked=true) ![picture](https://example.com/pixel.png)',
].join('\n\n');

describeInBrowser('the page of a trial', (browser) => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let server: TrialgraphProcess;
  let port: string;
  const start = (args: readonly string[] = []) =>
    startTrialgraph({ dataDir: directory.path, env: { DATABASE_URL: database.url }, args });

  beforeAll(async () => {
    directory = await temporaryDirectory();
    server = await start();
    port = new URL(server.url).port;
  });
  afterAll(async () => {
    await server?.stop();
    await directory?.[Symbol.asyncDispose]();
  });

  async function runningByHand(name: string): Promise<{ study: string; trial: string }> {
    const study = await createStudy(server, { name, ...byHand });
    const { askTrials } = await server.graphql<{ askTrials: { id: string }[] }>(
      'mutation ($id: ID!) { askTrials(study: $id, worker: "laptop", leaseSeconds: 3600) { id } }',
      { id: study },
    );
    return { study, trial: askTrials[0]!.id };
  }

  const log = (trial: string, lines: readonly string[]) =>
    server.graphql(
      'mutation ($trial: ID!, $lines: [String!]!) { reportLog(input: { trial: $trial, lines: $lines }) { accepted } }',
      { trial, lines },
    );

  test('keeps notes and tags, and hostile Markdown never becomes HTML, a script or a request', async () => {
    const { trial } = await runningByHand('notes');
    const { page } = await openPage(browser(), `${server.url}/trials/${trial}`);
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('Notes, in Markdown').fill(hostile);
    await page.keyboard.press('Control+Enter');
    const notes = page.getByTestId('markdown');
    await notes.getByRole('heading', { name: 'Diverges' }).waitFor();
    expect(await notes.locator('strong').textContent()).toBe('step 3');
    expect(await notes.locator('#html, script, img').count()).toBe(0);
    expect(await notes.textContent()).toContain('<b id="html">');
    const links = await notes
      .getByRole('link')
      .evaluateAll((all: { getAttribute(name: string): string | null }[]) =>
        all.map((link) => link.getAttribute('href')),
      );
    expect(links).toEqual(['https://example.com/pixel.png']);
    await page.getByRole('combobox', { name: 'Tags' }).fill('look again');
    await page.keyboard.press('Enter');
    await page.locator('header').getByText('look again').waitFor();
    expect(await page.evaluate('globalThis.isHacked')).toBeUndefined();
    const kept = await server.graphql<{ trial: { notes: string; tags: string[] } }>(
      'query ($id: ID!) { trial(id: $id) { notes tags } }',
      { id: trial },
    );
    expect(kept.trial).toEqual({ notes: hostile, tags: ['look again'] });
    await page.getByRole('combobox', { name: 'Tags' }).press('Backspace');
    await page.locator('header').getByText('look again').waitFor({ state: 'detached' });
    expect(await seriousFaults(page)).toEqual([]);
  });

  test('follows a training trial, pauses and resumes it, stops it, and runs its parameters again', async () => {
    const study = await createStudy(server, {
      name: 'trains',
      trainableOptions: { dataset: 'iris', epochs: 10_000 },
      maxConcurrentTrials: 1,
    });
    await server.graphql('mutation ($id: ID!) { startStudy(id: $id, trials: 2) { id } }', { id: study });
    const first = async () => {
      const { study: found } = await server.graphql<{
        study: { trials: { edges: { node: { id: string } }[] } };
      }>('query ($id: ID!) { study(id: $id) { trials(first: 1) { edges { node { id } } } } }', { id: study });
      return found.trials.edges[0]?.node.id;
    };
    await expect.poll(first, { timeout: 30_000 }).toBeDefined();
    const trial = (await first())!;
    const { page } = await openPage(browser(), `${server.url}/trials/${trial}`);
    await page.getByRole('progressbar').waitFor();
    const step = async () =>
      Number(
        /step ([\d,]+)/.exec((await page.locator('#content').textContent())!)?.[1]?.replaceAll(',', '') ?? 0,
      );
    await expect.poll(step, { timeout: 30_000 }).toBeGreaterThan(1);
    const before = await step();
    await expect.poll(step, { timeout: 30_000 }).toBeGreaterThan(before);
    await page.getByRole('img', { name: /Curves of valLoss of 1 trial/ }).waitFor();

    await page.goto(`${server.url}/devices`);
    await page.getByRole('listitem').filter({ hasText: 'Trial 0trains' }).waitFor();
    await page.getByText('as many as maxConcurrentTrials allows').waitFor();
    await page.goBack();

    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByText('Paused', { exact: true }).waitFor();
    await page.getByText('Somebody has paused it.').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('Queued', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Cancelled').waitFor();
    await page.getByRole('button', { name: 'Retry' }).click();
    await expect.poll(() => page.url()).not.toContain(`${trial}?`);
    await page.getByRole('link', { name: 'trial 0', exact: true }).waitFor();
    await server.graphql('mutation ($id: ID!) { stopStudy(id: $id) { id } }', { id: study });
    await page.getByText('Cancelled').waitFor();
  });

  test('queues a copy with one parameter changed, and says what is wrong with it before', async () => {
    const { study, trial } = await runningByHand('copies');
    const { page } = await openPage(browser(), `${server.url}/trials/${trial}`);
    await page.getByRole('button', { name: 'Enqueue a copy' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^rate/).fill('7');
    await dialog.getByText('is outside the range').waitFor();
    await dialog.getByLabel(/^rate/).fill('0.25');
    await dialog.getByText('"rate": 0.25').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Enqueue' }).click();
    await page.getByRole('heading', { name: 'Trial 1' }).waitFor();
    await page.getByText('Queued').first().waitFor();
    const found = await server.graphql<{ study: { trials: { edges: { node: object }[] } } }>(
      'query ($id: ID!) { study(id: $id) { trials(offset: 1) { edges { node { state params } } } } }',
      { id: study },
    );
    expect(found.study.trials.edges[0]!.node).toMatchObject({ state: 'QUEUED', params: { rate: 0.25 } });
  });

  test('copies the parameters, also where browsers give a page of plain HTTP no clipboard', async () => {
    const { trial } = await runningByHand('copied');
    const { page } = await openPage(browser(), `${server.url}/trials/${trial}`);
    await page.evaluate('Object.defineProperty(navigator, "clipboard", { value: undefined })');
    const copy = page.getByRole('button', { name: 'Copy as JSON' });
    await copy.press('Enter');
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate('document.activeElement.localName')).toBe('button');
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.keyboard.press('Control+V');
    const pasted = await page.getByLabel('Notes, in Markdown').inputValue();
    expect(JSON.parse(pasted)).toEqual({ rate: expect.any(Number), optimizer: expect.any(String) });
  });

  test('shows pictures and the error, and never what only calls itself a picture', async () => {
    const { trial } = await runningByHand('files');
    const pixel =
      'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FAAhKDveksOjmAAAAAElFTkSuQmCC';
    const put = (name: string, type: string, body: Buffer) =>
      fetch(`${server.url}/artifacts/${trial}/${name}`, {
        method: 'PUT',
        headers: { 'content-type': type },
        body: new Uint8Array(body),
      });
    await put('plots/confusion.png', 'image/png', Buffer.from(pixel, 'base64'));
    await put('logo.svg', 'image/svg+xml', Buffer.from('<svg onload="isHacked = true"/>'));
    await server.graphql(
      'mutation ($id: ID!) { tellTrial(id: $id, input: { state: FAILED, error: "Error: out of memory\\n    at train (<b>a.ts</b>:12)" }) { id } }',
      { id: trial },
    );
    const { page } = await openPage(browser(), `${server.url}/trials/${trial}`);
    const picture = page.getByRole('img', { name: 'plots/confusion.png' });
    await picture.waitFor();
    await expect
      .poll(() => picture.evaluate((image: { naturalWidth: number }) => image.naturalWidth))
      .toBe(10);
    await page.getByText('logo.svg').waitFor();
    expect(await page.getByRole('img', { name: 'logo.svg' }).count()).toBe(0);
    expect(await page.getByTestId('trial-error').textContent()).toContain('at train (<b>a.ts</b>:12)');
  });

  test('follows the log over a restart of the server, without a missed line', async () => {
    const { trial } = await runningByHand('logs');
    const lines = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => `epoch ${from + i}`);
    await log(trial, lines(0, 500));
    const { page, troubles } = await openPage(browser(), `${server.url}/trials/${trial}`);
    await page.getByText('500 lines').waitFor();
    // It follows the end, of which only a part is drawn.
    await page.getByTestId('log-line').getByText('epoch 499', { exact: true }).waitFor();
    expect(await page.getByTestId('log-line').count()).toBeLessThan(100);

    await server.kill();
    await page.getByTestId('connection-banner').waitFor();
    server = await start(['--port', port]);
    await log(trial, lines(500, 700));
    await page.getByText('700 lines').waitFor({ timeout: 60_000 });
    await log(trial, lines(700, 710));
    await page.getByTestId('log-line').getByText('epoch 709', { exact: true }).waitFor();

    await page.getByLabel('Search the log').fill('epoch 50');
    await page.getByText('11 of 710 lines').waitFor();
    await expect.poll(() => page.url()).toMatch(/log=epoch(\+|%20)50/);
    const shown = await page.getByTestId('log-line').allTextContents();
    expect(shown.map((text) => text.replace(/^[\d:]+/, ''))).toEqual(['epoch 50', ...lines(500, 510)]);
    expect(troubles.splice(0).filter((trouble) => !/ERR_CONNECTION|WebSocket/.test(trouble))).toEqual([]);
  });

  test('says that there is no such trial', async () => {
    const { page } = await openPage(browser(), `${server.url}/trials/trial-99999`);
    await page.getByText('There is no such trial').waitFor();
    await page.goto(`${server.url}/trials/nonsense`);
    await page.getByText('There is no such trial').waitFor();
  });
});
