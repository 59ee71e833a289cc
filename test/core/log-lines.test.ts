import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logLines } from '../../src/core/log-lines.ts';

test.each([
  ['one', ['one']],
  ['', ['']],
  ['a\nb\r\nc\rd', ['a', 'b', 'c', 'd']],
  ['a\n\nb\n', ['a', '', 'b']],
  ['\n', ['']],
  ['nul\0', ['nul\ufffd']],
  ['half \ud800', ['half \ufffd']],
])('%j becomes %j', (text, lines) => {
  expect(logLines(text)).toEqual(lines);
});

test('a long line is cut, but no character is', () => {
  fc.assert(
    fc.property(fc.nat(20_000), fc.nat(3), (length, offset) => {
      const text = 'x'.repeat(offset) + '📈'.repeat(length);
      const lines = logLines(text);
      expect(lines.join('')).toBe(text);
      for (const line of lines) expect(line.length <= 8192 && line.isWellFormed()).toBe(true);
    }),
    { numRuns: 30 },
  );
});
