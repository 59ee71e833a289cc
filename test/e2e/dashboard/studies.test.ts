import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, openPage } from '../../support/browser.ts';
import {
  startTrialgraph,
  type TrialgraphProcess,
  temporaryDirectory,
} from '../../support/trialgraph-process.ts';
import { createStudy } from './trained-study.ts';

describeInBrowser('the studies', (browser) => {
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

  test('are empty at first, with what to do; a form of the trainable’s space makes one that trains at once', async () => {
    const { page } = await openPage(browser(), `${server.url}/studies`);
    await page.getByRole('link', { name: 'Create the first one' }).click();
    // The list that is left has a field of names too.
    await page.getByRole('heading', { name: 'New study', level: 1 }).waitFor();
    await page.getByLabel('Name', { exact: false }).first().fill('from the form');
    await page.getByRole('combobox', { name: 'Dataset' }).click();
    await page.getByRole('option', { name: 'iris' }).click();
    await page.getByRole('button', { name: 'Options of the trainable' }).click();
    await page.getByLabel('epochs', { exact: true }).fill('2');
    await page.getByLabel('Highest units1').fill('64');
    await page.getByLabel('Highest units1').press('Enter');
    await page.getByLabel('Trials', { exact: true }).fill('2');
    await page.getByLabel('No more to gain than').fill('0.01');

    const code = page.getByLabel('The same as code');
    await expect.poll(() => code.textContent()).toMatch(/units1: \{[^}]*high: 64/);
    const mutation = await code.locator('pre').textContent();
    await code.getByText('TypeScript').click();
    await expect.poll(() => code.textContent()).toContain("name: 'from the form'");
    await page.getByRole('button', { name: 'Create and start' }).click();
    await page.getByRole('heading', { name: 'from the form' }).waitFor();
    await page.getByRole('button', { name: 'Edit description' }).click();
    await page
      .getByLabel('Description, in Markdown')
      .fill('Is **small** enough? <img src="https://example.com/x.png">');
    await page.keyboard.press('Control+Enter');
    const description = page.getByTestId('markdown');
    await description.locator('strong', { hasText: 'small' }).waitFor();
    expect(await description.locator('img').count()).toBe(0);
    await page.getByRole('combobox', { name: 'Tags' }).fill('flowers');
    await page.keyboard.press('Enter');
    await page.locator('header').getByText('flowers').waitFor();
    await page.getByText('Finished', { exact: true }).first().waitFor({ timeout: 60_000 });

    // The mutation beside the form made the same study, save that its name is taken now.
    await expect(server.graphql(mutation!)).rejects.toThrow('from the form');
    const { createStudy: again } = await server.graphql<{ createStudy: { id: string } }>(
      mutation!.replace('from the form', 'from the code'),
    );
    const { study } = await server.graphql<{ study: unknown }>(
      'query ($id: ID!) { study(id: $id) { trainableOptions searchSpace stopRules objectives { metric } } }',
      { id: again.id },
    );
    expect(study).toMatchObject({
      trainableOptions: { dataset: 'iris', epochs: 2 },
      searchSpace: { units1: { high: 64 } },
      stopRules: { maxTrials: 2, regretBound: { threshold: 0.01 } },
      objectives: [{ metric: 'valAccuracy' }],
    });
  });

  test('go on after their end when their rules allow it, and are made anew with other settings', async () => {
    const { page } = await openPage(browser(), `${server.url}/studies?q=from the form`);
    await page.getByRole('link', { name: 'from the form' }).click();
    await page.getByRole('button', { name: 'Continue…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('All 2 trials are done').waitFor();
    await dialog.getByLabel('Trials', { exact: true }).fill('3');
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('All 3 trials are done').waitFor({ timeout: 60_000 });

    await page.getByRole('button', { name: 'Actions on' }).click();
    await page.getByRole('menuitem', { name: 'Clone' }).click();
    await page.getByRole('link', { name: 'Change settings' }).click();
    await page.getByRole('heading', { name: 'New study like from the form' }).waitFor();
    // A chosen metric does not hide the others; a parameter that was removed can be had again.
    await page.getByRole('combobox', { name: 'Metric of objective 1' }).click();
    await page.getByRole('option', { name: 'valLoss' }).click();
    await page.getByRole('button', { name: 'Remove dropout' }).click();
    await page.getByRole('button', { name: 'Parameter' }).click();
    await page.getByRole('menuitem', { name: 'dropout' }).click();
    await page.getByLabel('Highest dropout').fill('0.25');
    // That is no word to start anything.
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Create only' }).click();
    await page.getByRole('heading', { name: 'from the form copy' }).waitFor();
    const id = new URL(page.url()).pathname.split('/')[2];
    const { study } = await server.graphql<{ study: unknown }>(
      'query ($id: ID!) { study(id: $id) { state tags trainableOptions searchSpace stopRules objectives { metric direction } } }',
      { id },
    );
    expect(study).toMatchObject({
      state: 'CREATED',
      tags: ['flowers'],
      trainableOptions: { dataset: 'iris', epochs: 2 },
      searchSpace: { units1: { high: 64 }, dropout: { high: 0.25 } },
      stopRules: { maxTrials: 3, regretBound: { threshold: 0.01 } },
      objectives: [{ metric: 'valLoss', direction: 'MINIMIZE' }],
    });
  });

  test('tell what the server finds wrong with a new one, beside the place', async () => {
    const { page } = await openPage(browser(), `${server.url}/studies/new?trainable=dense`);
    await page.getByRole('heading', { name: 'New study', level: 1 }).waitFor();
    await page.getByLabel('Name', { exact: false }).first().fill('upside down');
    await page.getByLabel('Lowest units1').fill('1000');
    await page.getByLabel('Lowest units1').press('Enter');
    await page.getByRole('button', { name: 'Create only' }).click();
    await expect.poll(() => page.getByRole('alert').first().textContent()).toMatch(/searchSpace\.units1/);
    await page.getByLabel('Lowest units1').fill('10');
    await page.getByLabel('Lowest units1').press('Enter');

    await page.getByRole('button', { name: 'Advanced' }).click();
    const timeout = page.getByLabel('Timeout per trial');
    await timeout.fill('soon');
    await page.getByText('must be a number').waitFor();
    await timeout.fill('1e9');
    await page.getByRole('button', { name: 'Create only' }).click();
    await page.getByText('must be above 0 and at most').first().waitFor();
    expect(await timeout.getAttribute('aria-invalid')).toBe('true');
    const focused = () => page.evaluate<string>('document.activeElement.labels[0].textContent');
    await expect.poll(focused).toContain('Timeout per trial');
  });

  test('are made with every setting of the API, which the code beside the form shows', async () => {
    const { page } = await openPage(browser(), `${server.url}/studies/new?trainable=dense`);
    await page.getByRole('heading', { name: 'New study', level: 1 }).waitFor();
    await page.getByLabel('Name', { exact: false }).first().fill('all settings');
    const choose = async (field: string, option: RegExp) => {
      await page.getByRole('combobox', { name: field, exact: true }).click();
      await page.getByRole('option', { name: option }).click();
    };
    await page.getByRole('button', { name: 'Objective', exact: true }).click();
    await page.getByRole('combobox', { name: 'Metric of objective 2' }).fill('trainSeconds');
    await choose('Sampler', /^tpe/);
    await page.getByLabel('Trials before it learns').fill('4');
    await choose('Sampler goes for', /^tchebycheff/);
    await page.getByLabel('Weight of trainSeconds').fill('0.25');
    await choose('Pruner', /^patient/);
    await page.getByLabel('Reports without a better one').fill('3');
    await choose('And only if', /^hyperband/);
    await page.getByLabel('Last step').fill('27');
    await page.getByRole('button', { name: 'Advanced' }).click();
    await page.getByLabel('Priority').fill('7');
    await page.getByLabel('Timeout per trial').fill('1e3');
    await page.getByLabel('Retries of a failed trial').fill('2');
    await choose('Trials run in', /process/);
    const code = page.getByLabel('The same as code');
    await expect.poll(() => code.textContent()).toContain('isolation: PROCESS');
    await page.getByRole('button', { name: 'Create only' }).click();
    await page.getByRole('heading', { name: 'all settings' }).waitFor();
    const id = new URL(page.url()).pathname.split('/')[2];
    const { study } = await server.graphql<{ study: unknown }>(
      'query ($id: ID!) { study(id: $id) { sampler pruner scalarisation priority isolation trialTimeoutSeconds retries } }',
      { id },
    );
    expect(study).toMatchObject({
      sampler: { kind: 'tpe', startupTrials: 4 },
      pruner: { kind: 'patient', patience: 3, pruner: { kind: 'hyperband', maxResource: 27 } },
      scalarisation: { kind: 'tchebycheff', weights: { valAccuracy: 1, trainSeconds: 0.25 } },
      priority: 7,
      isolation: 'PROCESS',
      trialTimeoutSeconds: 1000,
      retries: { failed: 2 },
    });
  });

  test('come, change and go in an open list; search, states and order are in the address', async () => {
    const { page } = await openPage(browser(), `${server.url}/studies`);
    await page.getByRole('heading', { name: 'Studies', level: 1 }).waitFor();
    const id = await createStudy(server, { name: 'appears by itself', tags: ['live'] });
    const row = page.getByRole('row').filter({ hasText: 'appears by itself' });
    await row.waitFor();
    await expect.poll(() => row.textContent()).toContain('Created');
    await server.graphql('mutation ($id: ID!) { startStudy(id: $id, trials: 1) { id } }', { id });
    await expect.poll(() => row.textContent(), { timeout: 30_000 }).toContain('valLoss');
    await expect.poll(() => row.locator('svg path').count(), { timeout: 60_000 }).toBeGreaterThan(0);

    await page.keyboard.press('/');
    await page.keyboard.type('appears');
    await expect.poll(() => page.url()).toContain('q=appears');
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    await page.goto(`${server.url}/studies?states=["RUNNING"]&q=appears&order=name`);
    await page.getByText('No study is like that').or(page.getByRole('row').first()).waitFor();

    await page.goto(`${server.url}/studies`);
    await row.getByRole('button', { name: 'Actions on' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click();
    await row.getByRole('button', { name: 'Actions on' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await row.waitFor({ state: 'detached' });
  });

  test('are compared side by side', async () => {
    const { page } = await openPage(browser(), `${server.url}/studies?count=1&order=name`);
    await page.getByText(/^1 of \d+ studies$/).waitFor();
    await page.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(() => page.url()).toContain('count=51');
    await page.getByLabel('Select from the form to compare').check();
    await page.getByLabel('Select from the code to compare').check();
    await page.reload();
    await page.getByRole('link', { name: 'Compare 2' }).click();
    await page.getByRole('rowheader', { name: 'Best valAccuracy' }).waitFor();
    const results = page.getByRole('region', { name: 'Results side by side' });
    expect(await results.getByRole('columnheader').allTextContents()).toEqual([
      expect.stringContaining('from the form'),
      expect.stringContaining('from the code'),
    ]);
    await page.getByRole('img', { name: /^Best valAccuracy so far: from the form \d/ }).waitFor();
    // The study of the code has not run, so the best trials are those of the other.
    const best = page.getByRole('region', { name: 'Best trials' }).last().locator('tbody tr');
    await expect.poll(() => best.count()).toBe(3);
    await page.getByLabel('Only differences').click();
    await page.getByRole('rowheader', { name: 'Trainable' }).waitFor({ state: 'detached' });
    expect(page.url()).toContain('onlyDifferences=true');
  });
});
