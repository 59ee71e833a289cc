import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateStudy } from '../../../bench/support/generate-study.ts';
import { openDatabase } from '../../../src/storage/database.ts';
import { seriousFaults } from '../../support/accessibility.ts';
import { describeInBrowser, openPage } from '../../support/browser.ts';
import {
  startTrialgraph,
  type TrialgraphProcess,
  temporaryDirectory,
} from '../../support/trialgraph-process.ts';
import { createStudy, trainedStudy } from './trained-study.ts';

const trialCount = 100_000;
/** The first page of an order loads and sorts the study. */
const slow = { timeout: 20_000 };

describeInBrowser('the table of trials', (browser) => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let server: TrialgraphProcess;
  let large: string;
  let trained: string;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    const database = await openDatabase({ databaseUrl: null, dataDir: join(directory.path, 'postgres') });
    large = `study-${await generateStudy(database, { trialCount, pointsPerTrial: 0 })}`;
    await database.close();
    server = await startTrialgraph({ dataDir: directory.path });
    trained = await trainedStudy(server, { name: 'iris', trials: 8 });
  }, 300_000);
  afterAll(async () => {
    await server?.stop();
    await directory?.[Symbol.asyncDispose]();
  });

  const address = (study: string, search: object = {}): string => {
    const params = new URLSearchParams(
      Object.entries(search).map(([name, value]): [string, string] => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    );
    return `${server.url}/studies/${study}/trials?${params}`;
  };

  test('scrolls 100,000 trials to any place, and shows the rows that the server has there', async () => {
    const { page } = await openPage(browser(), address(large));
    await cells(page, 'number').first().getByRole('link').waitFor();
    for (const [share, expected] of [
      [0.5, 50_000],
      [0.93, 93_000],
      [0.02, 2000],
    ] as const) {
      await page.evaluate(
        `(() => { const grid = document.querySelector('[data-testid=trial-grid]'); grid.scrollTop = ${expected * 34}; })()`,
      );
      await page.getByRole('link', { name: String(expected), exact: true }).waitFor();
      const drawn = await page.getByTestId('trial-row').count();
      expect(drawn, `rows drawn at ${share}`).toBeLessThan(80);
    }
    await page.getByRole('grid').focus();
    await page.keyboard.press('End');
    await page.getByRole('link', { name: String(trialCount - 1), exact: true }).waitFor();
  });

  test('sorts and filters on the server, and a link shows the same', async () => {
    const { page } = await openPage(browser(), address(large));
    await page.getByRole('button', { name: 'accuracy', exact: true }).click();
    await expect.poll(() => page.url()).toContain('order=value%3Aaccuracy');
    const best = await server.graphql<{
      study: { trials: { edges: { node: { number: number } }[] } };
    }>(
      `query ($id: ID!) { study(id: $id) { trials(first: 5, orderBy: { field: VALUE, name: "accuracy", descending: true }) { edges { node { number } } } } }`,
      { id: large },
    );
    const expected = best.study.trials.edges.map(({ node }) => String(node.number));
    await expect.poll(() => shownNumbers(page, 5), slow).toEqual(expected);

    await page.getByRole('button', { name: 'Filter by loss' }).click();
    await page.getByLabel('To', { exact: true }).fill('0.25');
    await page.keyboard.press('Enter');
    await page.getByText('≤ 0.25').waitFor();
    const count = () => page.getByText(/^[\d,]+ of 100,000$/).textContent();
    await expect.poll(count, slow).toMatch(/^2[45],\d\d\d of 100,000$/);
    await page.getByLabel('Hide pruned').click();
    await expect.poll(count, slow).toMatch(/^22,\d\d\d of 100,000$/);
    await page.locator('[data-column="state"]', { hasText: 'Pruned' }).first().waitFor({ state: 'detached' });

    const shown = await shownNumbers(page, 10);
    const { page: other } = await openPage(browser(), page.url());
    await expect.poll(() => shownNumbers(other, 10), slow).toEqual(shown);
    await other.getByText('≤ 0.25').waitFor();
  });

  test('chooses columns, remembers them, and puts them into the address', async () => {
    const { page } = await openPage(browser(), address(trained));
    await page.getByRole('columnheader', { name: 'valLoss' }).waitFor();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'State' }).uncheck();
    await page.getByRole('checkbox', { name: 'Device' }).check();
    await page.getByRole('button', { name: 'Move valLoss up' }).click();
    await page.keyboard.press('Escape');
    const heads = () =>
      page
        .getByRole('columnheader')
        .evaluateAll((all: { textContent: string | null }[]) => all.map(({ textContent }) => textContent));
    const chosen = await heads();
    expect(chosen).not.toContain('State');
    expect(chosen.at(-1)).toBe('Device');
    expect(chosen.indexOf('valLoss')).toBeLessThan(chosen.indexOf('Trial'));
    expect(decodeURIComponent(page.url())).toContain('columns=["value:valLoss","number"');
    const width = async () =>
      Math.round((await page.getByRole('columnheader', { name: 'valLoss' }).boundingBox())!.width);
    const before = await width();
    await page.getByRole('separator', { name: 'Width of valLoss' }).press('ArrowRight');
    await expect.poll(width).toBe(before + 16);
    const grip = (await page.getByRole('separator', { name: 'Width of valLoss' }).boundingBox())!;
    await page.mouse.move(grip.x + 5, grip.y + 10);
    await page.mouse.down();
    await page.mouse.move(grip.x + 45, grip.y + 10);
    await page.mouse.up();
    await expect.poll(width).toBe(before + 56);
    await page.goto(address(trained));
    await expect.poll(heads).toEqual(chosen);
    await expect.poll(width).toBe(before + 56);
  });

  test('selects by keyboard, compares side by side, and marks what differs', async () => {
    const { page } = await openPage(browser(), address(trained));
    await cells(page, 'number').first().getByRole('link').waitFor();
    await page.getByRole('grid').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await expect.poll(() => decodeURIComponent(page.url())).toContain('selected=[0,2,3]');
    await page.keyboard.press('c');
    await page.getByTestId('compare-table').waitFor();
    expect(decodeURIComponent(page.url())).toContain('/compare?trials=[0,2,3]');
    for (const name of ['Trial 0', 'Trial 2', 'Trial 3']) {
      await page.getByRole('columnheader', { name }).waitFor();
    }
    await page.locator('tr[data-differs] th', { hasText: 'learningRate' }).waitFor();
    expect(await page.locator('td[data-best]').count()).toBe(1);
    const rows = await page.getByTestId('compare-table').locator('tbody tr').count();
    await page.getByLabel('Only differences').click();
    await expect.poll(() => page.getByTestId('compare-table').locator('tbody tr').count()).toBeLessThan(rows);
    await page.getByRole('img', { name: /Curves of valLoss of 3 trials/ }).waitFor();
    await page.getByRole('button', { name: 'Take trial 2 away' }).click();
    await expect.poll(() => decodeURIComponent(page.url())).toContain('trials=[0,3]');
    await page.getByRole('img', { name: /Curves of valLoss of 2 trials/ }).press('+');
    await expect.poll(() => page.url()).toContain('zoom=');
    await page.reload();
    await page.getByRole('button', { name: 'Whole range' }).click();
    await expect.poll(() => page.url()).not.toContain('zoom=');
  });

  test('copies the selected trials as CSV', async () => {
    const search = { selected: [1, 4], columns: ['number', 'state', 'value:valLoss'] };
    const { page } = await openPage(browser(), address(trained, search), {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await cells(page, 'number').first().getByRole('link').waitFor();
    await page.getByRole('button', { name: 'CSV' }).click();
    await page.getByRole('menuitem', { name: 'Copy the 2 selected' }).click();
    await page.getByText('Copied 2 trials as CSV').waitFor();
    const text = (await page.evaluate('navigator.clipboard.readText()')) as string;
    const lines = text.trim().split(/\r?\n/);
    expect(lines[0]).toBe('number,state,valLoss');
    expect(lines.slice(1).map((line) => line.replace(/,[\d.e-]+$/, ''))).toEqual([
      '1,Completed',
      '4,Completed',
    ]);
  });

  test('shows new trials and what becomes of them, without a reload', async () => {
    const study = await createStudy(server, {
      name: 'live',
      trainable: null,
      trainableOptions: null,
      ...byHand,
    });
    await server.graphql('mutation ($id: ID!) { enqueueTrials(study: $id, params: [{}]) { id } }', {
      id: study,
    });
    const { page } = await openPage(browser(), address(study));
    await page.locator('[data-column="state"]', { hasText: 'Queued' }).waitFor();
    const { askTrials } = await server.graphql<{ askTrials: { id: string }[] }>(
      'mutation ($id: ID!) { askTrials(study: $id, count: 3) { id } }',
      { id: study },
    );
    await expect.poll(() => page.getByTestId('trial-row').count()).toBe(3);
    await server.graphql(
      'mutation ($id: ID!) { tellTrial(id: $id, input: { values: { loss: 0.125 } }) { id } }',
      { id: askTrials[1]!.id },
    );
    await page.locator('[data-column="value:loss"]', { hasText: '0.125' }).waitFor();
  });

  test('has nothing that the blind or the keyboard cannot use', async () => {
    const { page } = await openPage(browser(), address(trained, { selected: [0, 1] }));
    await cells(page, 'number').first().getByRole('link').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.goto(`${server.url}/studies/${trained}/compare?trials=%5B0,1%5D`);
    await page.getByTestId('compare-table').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });
});

const byHand = {
  objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
  searchSpace: { rate: { type: 'float', low: 0, high: 1 } },
};

function cells(page: Page, column: string) {
  return page.locator(`[data-testid="trial-row"] [data-column="${column}"]`);
}

/** The numbers in the first rows, from top to bottom. */
async function shownNumbers(page: Page, count: number): Promise<string[]> {
  const rows = await page
    .getByTestId('trial-row')
    .evaluateAll(
      (all: { ariaRowIndex: string; querySelector(selector: string): { textContent: string } }[]) =>
        all
          .map(
            (row) =>
              [Number(row.ariaRowIndex), row.querySelector('[data-column=number]').textContent] as const,
          )
          .sort((a, b) => a[0] - b[0])
          .map(([, number]) => number),
    );
  return rows.slice(0, count);
}
