import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printedSearchSpaceSchema, schemaPage } from '../../../scripts/search-space-schema.ts';
import { CallerError } from '../../../src/core/errors.ts';
import { searchSpaceSchema } from '../../../src/core/search-space/json-schema.ts';
import { parseSearchSpace } from '../../../src/core/search-space/parse-search-space.ts';
import { anyConstrainedSpace } from './arbitraries.ts';

const accepts = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(
  searchSpaceSchema(),
);

function isParsed(input: unknown): boolean {
  try {
    parseSearchSpace(input);
    return true;
  } catch (error) {
    if (error instanceof CallerError) return false;
    throw error;
  }
}

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('docs/search-space.schema.json is the schema of this version (npm run generate writes it)', () => {
  expect(readFileSync(schemaPage, 'utf8')).toBe(printedSearchSpaceSchema());
});

test('what the parser accepts, the schema accepts', () => {
  fc.assert(
    fc.property(anyConstrainedSpace, (space) => {
      expect(accepts(asJson(space))).toBe(true);
    }),
  );
});

/** A value of JSON with one place of it changed: another value, a key less, or a key more. */
const mutated = fc
  .tuple(
    anyConstrainedSpace,
    fc.array(fc.nat(), { minLength: 1, maxLength: 5 }),
    fc.constantFrom('replace', 'delete', 'add'),
    fc.oneof(
      fc.jsonValue({ maxDepth: 1 }),
      fc.constantFrom(null, 0, -1, true, [], {}, 'int', 'float', 1e300),
    ),
    fc.constantFrom('step', 'log', 'low', 'default', 'in', 'lte', 'when', 'prior', 'value', 'x', '$x'),
  )
  .map(([space, path, action, value, key]) => {
    const root = asJson({ root: space }) as Record<string, unknown>;
    let place = root;
    let name = 'root';
    for (const step of path) {
      const child = place[name];
      if (typeof child !== 'object' || child === null || Object.keys(child).length === 0) break;
      const keys = Object.keys(child);
      place = child as Record<string, unknown>;
      name = keys[step % keys.length]!;
    }
    if (action === 'replace') place[name] = value;
    else if (Array.isArray(place)) place.push(value);
    else if (action === 'delete') delete place[name];
    else place[key] = value;
    return root.root;
  });

test('what the schema refuses, the parser refuses', () => {
  let refused = 0;
  fc.assert(
    fc.property(mutated, (input) => {
      if (accepts(input)) return;
      refused += 1;
      expect(isParsed(input)).toBe(false);
    }),
    { numRuns: 1000 },
  );
  expect(refused).toBeGreaterThan(100);
});

const unit = { type: 'float', low: 0, high: 1 };

describe('both refuse', () => {
  test.each<[string, unknown]>([
    ['a list', [unit]],
    ['a parameter without a type', { p: { low: 0, high: 1 } }],
    ['an unknown type', { p: { ...unit, type: 'real' } }],
    ['an unknown key', { p: { ...unit, lgo: true } }],
    ['a key of another type', { p: { ...unit, choices: [1] } }],
    ['a missing end', { p: { type: 'int', low: 1 } }],
    ['an end that is null', { p: { ...unit, low: null } }],
    ['a broken integer', { p: { type: 'int', low: 0.5, high: 3 } }],
    ['an integer beyond 53 bits', { p: { type: 'int', low: 0, high: 2 ** 60 } }],
    ['log of 0', { p: { ...unit, log: true } }],
    ['log with step', { p: { type: 'int', low: 1, high: 9, log: true, step: 2 } }],
    ['a step of 0', { p: { ...unit, step: 0 } }],
    ['no choices', { p: { type: 'categorical', choices: [] } }],
    ['repeated choices', { p: { type: 'categorical', choices: ['a', 'a'] } }],
    ['a nested choice', { p: { type: 'categorical', choices: [[1]] } }],
    ['a default of words', { p: { ...unit, default: 'x' } }],
    ['a prior without sd', { p: { ...unit, prior: { mean: 0.5 } } }],
    ['weights that are all 0', { p: { type: 'categorical', choices: [1], prior: { weights: [0] } } }],
    ['a constant without value', { p: { type: 'fixed' } }],
    ['a test of nothing', { q: unit, p: { ...unit, when: { q: {} } } }],
    ['a test with an unknown comparison', { q: unit, p: { ...unit, when: { q: { ne: 1 } } } }],
    ['an empty list of values', { q: unit, p: { ...unit, when: { q: { in: [] } } } }],
    ['a reserved name', { $p: unit }],
    ['an empty name', { ' ': unit }],
    ['the name of the prototype', JSON.parse('{"__proto__": {"type": "float", "low": 0, "high": 1}}')],
    ['a name that is too long', { ['x'.repeat(201)]: unit }],
    ['constraints that are no list', { p: unit, $constraints: {} }],
    ['a constraint without bounds', { p: unit, $constraints: [{ sum: { p: 1 } }] }],
    ['a constraint without sum', { p: unit, $constraints: [{ sum: {}, lte: 1 }] }],
    ['a factor of 0', { p: unit, $constraints: [{ sum: { p: 0 }, lte: 1 }] }],
  ])('%s', (_, input) => {
    expect([accepts(input), isParsed(input)]).toEqual([false, false]);
  });
});

describe('only the parser can refuse', () => {
  test.each<[string, unknown]>([
    ['ends that are swapped', { p: { ...unit, low: 2 } }],
    ['a step that does not fit', { p: { ...unit, step: 0.3 } }],
    ['a default outside', { p: { ...unit, default: 2 } }],
    ['an unknown parent', { p: { ...unit, when: { q: 1 } } }],
    ['a circle', { p: { ...unit, when: { q: { gt: 0 } } }, q: { ...unit, when: { p: { gt: 0 } } } }],
    ['a constraint that cannot be kept', { p: unit, $constraints: [{ sum: { p: 1 }, gte: 2 }] }],
  ])('%s', (_, input) => {
    expect([accepts(input), isParsed(input)]).toEqual([true, false]);
  });
});

describe('every space in docs/search-spaces.md is accepted', () => {
  const page = readFileSync(new URL('../../../docs/search-spaces.md', import.meta.url), 'utf8');
  const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => [text!.trim()]);
  test('of which there are some', () => expect(examples.length).toBeGreaterThan(5));
  test.each(examples)('%s', (text) => {
    const input = JSON.parse(text);
    parseSearchSpace(input);
    expect(accepts(input)).toBe(true);
  });
});
