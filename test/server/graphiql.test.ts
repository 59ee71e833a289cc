import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { start, type TestServer, token } from './harness.ts';

const root = join(import.meta.dirname, '../..');
const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

beforeAll(() => {
  if (existsSync(join(root, 'dist/graphiql/index.html'))) return;
  execFileSync(process.execPath, [join(root, 'scripts/build-graphiql.mjs')]);
}, 60_000);

test('browsers get the page at /graphql, with a policy that lets no foreign or inline script run', async () => {
  const server = await start({ token });
  const response = await fetch(`${server.url}/graphql`, { headers: { accept: 'text/html,*/*' } });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/html');
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("default-src 'none'");
  const page = await response.text();
  expect(page).not.toMatch(/<script(?![^>]*src=)|https?:\/\//);

  const script = /src="([^"]+\.js)"/.exec(page)?.[1];
  const file = await fetch(server.url + script);
  expect(file.headers.get('cache-control')).toContain('immutable');
  expect(response.headers.get('cache-control')).not.toContain('immutable');
});

describe.skipIf(!existsSync(executablePath))('in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  }, 30_000);
  afterAll(() => browser?.close());

  /** A page of GraphiQL, and what went wrong in it or left for another server. */
  async function open(server: TestServer): Promise<{ page: Page; troubles: string[] }> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const troubles: string[] = [];
    page.on('pageerror', (error) => troubles.push(String(error)));
    page.on('console', (message) => {
      // Browsers note answers such as 401 (is a token needed?) and 400 (an operation with errors).
      if (message.type() === 'error' && !/status of 40[01]/.test(message.text()))
        troubles.push(message.text());
    });
    page.on('request', (request) => {
      const url = request.url();
      if (!/^(http|ws):\/\/127\.0\.0\.1[:/]|^(data|blob):/.test(url)) troubles.push(url);
    });
    await page.goto(`${server.url}/graphql`);
    return { page, troubles };
  }

  /** Replaces the operation in the editor, and runs it. */
  async function run(page: Page, query: string): Promise<void> {
    await page
      .locator('.graphiql-query-editor .monaco-editor textarea, .graphiql-query-editor .native-edit-context')
      .first()
      .focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText(query);
    // The editor closes brackets by itself.
    await page.keyboard.press('Control+Shift+End');
    await page.keyboard.press('Delete');
    await page.keyboard.press('Control+Enter');
  }

  const response = (page: Page) => page.locator('.result-window');

  async function shoot(page: Page, name: string): Promise<void> {
    const directory = process.env.SCREENSHOTS;
    if (!directory) return;
    await mkdir(directory, { recursive: true });
    await page.screenshot({ path: join(directory, `${name}.png`) });
  }

  test('queries and subscriptions work, and errors are shown', async () => {
    const server = await start();
    const { page, troubles } = await open(server);
    await page.locator('.graphiql-query-editor .view-line').first().waitFor();
    await run(page, '{ hello(name: "GraphiQL") }');
    await expect.poll(() => response(page).textContent()).toMatch(/Hello\sGraphiQL/);
    await shoot(page, 'graphiql-query');

    await run(page, 'subscription { ticks(events: 3) { number } }');
    await expect.poll(() => response(page).textContent()).toMatch(/"number":\s*2/);
    await shoot(page, 'graphiql-subscription');

    await run(page, '{ helo }');
    await expect.poll(() => response(page).textContent()).toMatch(/Did\syou\smean/);
    expect(troubles).toEqual([]);
    await page.close();
  });

  test('a token is asked for where the server needs one, and serves queries and subscriptions', async () => {
    const server = await start({ token });
    const { page, troubles } = await open(server);
    await page.getByLabel(/access token/).fill('wrong-horse-battery');
    await page.getByRole('button').click();
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('does not accept');
    await shoot(page, 'graphiql-token');

    await page.getByLabel(/access token/).fill(token);
    await page.getByRole('button').click();
    await page.locator('.graphiql-query-editor .view-line').first().waitFor();
    await run(page, '{ viewer }');
    await expect.poll(() => response(page).textContent()).toMatch(/admin\sADMIN/);
    await run(page, 'subscription { ticks(events: 3) { number } }');
    await expect.poll(() => response(page).textContent()).toMatch(/"number":\s*2/);

    await page.reload();
    await page.locator('.graphiql-query-editor .view-line').first().waitFor();
    expect(troubles).toEqual([]);
    await page.close();
  });
});
