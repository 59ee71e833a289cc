import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
const readme = readFileSync('README.md', 'utf8');
const examples = [...readme.matchAll(/```graphql\n(.*?)```/gs)].map((match) => match[1]!);

describe('README', () => {
  test('has an example of each kind of operation', () => {
    for (const kind of ['query', 'mutation', 'subscription']) {
      expect(examples.some((example) => example.startsWith(kind))).toBe(true);
    }
  });

  test.each(examples)('shows operations that this version understands: %s', (example) => {
    // One block may show several anonymous operations; each stands alone.
    for (const definition of parse(example).definitions) {
      expect(validate(schema, { ...parse(example), definitions: [definition] })).toEqual([]);
    }
  });

  test('links only to files that are there', () => {
    const links = [...readme.matchAll(/\]\((?!http)([^)#]+)\)/g)].map((match) => match[1]!);
    for (const link of links)
      expect(() =>
        readFileSync(link.replace(/\/$/, '/0001-writes-through-one-transaction.md')),
      ).not.toThrow();
  });
});
