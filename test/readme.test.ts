import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
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

  test('shows a client in TypeScript that compiles', () => {
    const example = readme.match(/```ts\n(import .*?)```/s)![1]!;
    const directory = mkdtempSync(join(tmpdir(), 'trialgraph-readme-'));
    try {
      writeFileSync(join(directory, 'example.mts'), example);
      const compilerOptions = {
        noEmit: true,
        rootDir: '/',
        types: ['node'],
        typeRoots: [resolve('node_modules/@types')],
        paths: { trialgraph: [resolve('src/client/index.ts')] },
      };
      const config = {
        extends: resolve('tsconfig.json'),
        compilerOptions,
        files: ['example.mts'],
        include: [],
      };
      writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(config));
      const compile = () =>
        execFileSync(resolve('node_modules/.bin/tsc'), ['--project', directory], { encoding: 'utf8' });
      expect(compile()).toBe('');
      writeFileSync(
        join(directory, 'example.mts'),
        example.replace('{ loss };', '{ loss: learningRate.length };'),
      );
      expect(compile).toThrow();
    } finally {
      rmSync(directory, { recursive: true });
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
