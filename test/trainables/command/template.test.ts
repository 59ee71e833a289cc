import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  expandArguments,
  expandEnvironment,
  placeholdersOf,
  type TemplateValues,
} from '../../../src/trainables/command/template.ts';

const values = (params: TemplateValues['params'] = {}): TemplateValues => ({
  params,
  options: { epochs: 3, data: 'train set' },
  seed: 7,
  trial: 'trial-12',
  attempt: 2,
  paramsFile: '/tmp/run/params.json',
  directory: '/tmp/run',
});

test('placeholders stand for parameters, options and what else is known of a trial', () => {
  const template = [
    '--lr={params.lr}',
    '{params.wide}',
    '{options.data}/x',
    '{seed}-{trial}-{attempt}',
    '{{}}',
  ];
  expect(expandArguments(template, values({ lr: 1e-7, wide: true }))).toEqual([
    '--lr=1e-7',
    'true',
    'train set/x',
    '7-trial-12-2',
    '{}',
  ]);
  expect(expandArguments(['{paramsFile}', '{directory}'], values())).toEqual([
    '/tmp/run/params.json',
    '/tmp/run',
  ]);
  expect(expandArguments(['x={params}'], values({ lr: 1 }))).toEqual(['x={"lr":1}']);
});

test('{params} is one argument for each parameter, and an element without its parameter is left out', () => {
  const params = { lr: 0.5, optimizer: 'sgd' };
  expect(expandArguments(['run', '{params}', '--momentum={params.momentum}'], values(params))).toEqual([
    'run',
    '--lr=0.5',
    '--optimizer=sgd',
  ]);
  expect(expandEnvironment({ LR: '{params.lr}', M: '{params.momentum}' }, values(params))).toEqual({
    LR: '0.5',
  });
});

test('faults are found beforehand', () => {
  expect(placeholdersOf('{params.lr} {{x}} {options.a.b}')).toEqual({
    names: ['params.lr', 'options.a.b'],
    faulty: [],
  });
  expect(placeholdersOf('{parms.lr} { {} a}').faulty).toEqual(['{parms.lr}', '{', '{}', '}']);
});

test('whatever a value holds, it is one argument and nothing else', () => {
  const text = fc
    .string({ unit: 'grapheme', maxLength: 30 })
    .filter((value) => !value.includes('\0') && value.isWellFormed());
  const nasty = fc.constantFrom(
    '$(touch x)',
    '`id`',
    "'; rm -rf /; '",
    'a b',
    '"',
    '\n',
    '{params.lr}',
    '{{',
    '%s',
    '-rf',
  );
  const program = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
  fc.assert(
    fc.property(fc.array(fc.oneof(text, nasty), { minLength: 1, maxLength: 5 }), (texts) => {
      const params = Object.fromEntries(texts.map((value, i) => [`p${i}`, value]));
      const template = ['{params}', ...texts.map((_, i) => `x{params.p${i}}`)];
      const expanded = expandArguments(template, values(params));
      expect(expanded).toEqual([
        ...texts.map((value, i) => `--p${i}=${value}`),
        ...texts.map((value) => `x${value}`),
      ]);
      const seen = execFileSync(process.execPath, ['-e', program, '--', ...expanded], { encoding: 'utf8' });
      expect(JSON.parse(seen)).toEqual(expanded);
    }),
    { numRuns: 10 },
  );
});

test('numbers come back with every bit', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), (x) => {
      const [text] = expandArguments(['{params.x}'], values({ x }));
      expect(Number(text)).toBe(x + 0);
    }),
  );
});
