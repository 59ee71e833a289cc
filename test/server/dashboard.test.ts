import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { start, token } from './harness.ts';

const root = join(import.meta.dirname, '../..');
const browser = { headers: { accept: 'text/html,*/*' } };

beforeAll(() => {
  if (existsSync(join(root, 'dist/dashboard/index.html'))) return;
  execFileSync(process.execPath, [join(root, 'scripts/build-dashboard.mjs')]);
}, 60_000);

test('browsers get the page at all addresses of the dashboard, with a policy that lets no foreign or inline script run', async () => {
  const server = await start({ token });
  for (const path of ['/', '/studies', '/studies/study-1/trials?sort=loss', '/trials/trial-1']) {
    const response = await fetch(server.url + path, browser);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(response.headers.get('cache-control')).not.toContain('immutable');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/https?:|script-src[^;]*unsafe/);
    expect(await response.text()).not.toMatch(/<script(?![^>]*src=)|https?:\/\//);
  }
});

test('whoever asks for / gets the page, a program that looks whether the server is there too', async () => {
  const server = await start();
  for (const method of ['GET', 'HEAD']) {
    const response = await fetch(server.url, { method });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/html');
  }
});

test('its files are kept for ever, and sent compressed', async () => {
  const server = await start();
  const page = await (await fetch(server.url, browser)).text();
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(page)![1]!;
  for (const encoding of ['br', 'gzip']) {
    const response = await fetch(server.url + script, { headers: { 'accept-encoding': encoding } });
    expect(response.headers.get('content-encoding')).toBe(encoding);
    expect(response.headers.get('content-type')).toContain('javascript');
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect((await response.text()).length).toBeGreaterThan(100_000);
  }
});

test('programs that miss a path, and pages that miss a file, get an error instead', async () => {
  const server = await start();
  expect((await fetch(`${server.url}/studies`)).status).toBe(404);
  expect((await fetch(`${server.url}/assets/old.js`)).status).toBe(404);
  expect((await fetch(`${server.url}/studies`, { method: 'POST', ...browser })).status).toBe(404);
});
