import { readFileSync } from 'node:fs';
import { buildSchema, findBreakingChanges } from 'graphql';
import { expect, test } from 'vitest';
import { printedSchema } from '../../scripts/print-schema.ts';
import { schema } from '../../src/graphql/schema.ts';

test('schema.graphql is the schema of this version (npm run generate writes it)', () => {
  expect(readFileSync('schema.graphql', 'utf8')).toBe(printedSchema());
});

test('everything that clients were promised is there, under the same names and types', () => {
  const contract = buildSchema(readFileSync(new URL('contract.graphql', import.meta.url), 'utf8'));
  const broken = findBreakingChanges(contract, schema).map((change) => change.description);
  expect(broken).toEqual([]);
});
