import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startApi } from '../support/api-server.ts';
import { createTestEngine } from '../support/engine.ts';

test('the JSON Schema of search spaces is served as it is published', async () => {
  const server = await startApi(await createTestEngine());
  const response = await fetch(`${server.url}/schemas/search-space.json`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/json/);
  expect(await response.json()).toEqual(JSON.parse(readFileSync('docs/search-space.schema.json', 'utf8')));
});
