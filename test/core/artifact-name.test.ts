import { posix } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { artifactNameFault } from '../../src/core/artifact-name.ts';

test.each(['model.json', 'checkpoints/epoch 3/best.bin', 'Übersicht 📈.png', '.hidden', 'a..b', '~', 'C:x'])(
  'takes %j',
  (name) => {
    expect(artifactNameFault(name)).toBeNull();
  },
);

test.each([
  ['', 'is empty'],
  ['/etc/passwd', 'relative path'],
  ['../secret', 'relative path'],
  ['a/../../secret', 'relative path'],
  ['a//b', 'relative path'],
  ['a/', 'relative path'],
  ['a/./b', 'relative path'],
  ['a\\..\\b', 'backslash'],
  ['a\u0000b', 'control character'],
  ['a\nb', 'control character'],
  ['\ud800', 'surrogate'],
  ['x'.repeat(401), '401 bytes'],
])('refuses %j: %s', (name, why) => {
  expect(artifactNameFault(name)).toContain(why);
});

test('no name that it takes leads out of the folder that it is written below', () => {
  const part = fc.oneof(fc.string(), fc.constantFrom('..', '.', '', '/', '\\', '%2e%2e'));
  const names = fc.array(part, { maxLength: 6 }).map((parts) => parts.join('/'));
  fc.assert(
    fc.property(names, (name) => {
      fc.pre(artifactNameFault(name) === null);
      expect(posix.resolve('/folder', name).startsWith('/folder/')).toBe(true);
    }),
  );
});
