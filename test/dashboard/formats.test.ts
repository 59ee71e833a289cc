import { expect, test } from 'vitest';
import { formatAge } from '../../src/dashboard/format/age.ts';
import { formatBytes } from '../../src/dashboard/format/bytes.ts';
import { formatDuration } from '../../src/dashboard/format/duration.ts';
import { formatCount, formatShare, formatValue } from '../../src/dashboard/format/number.ts';
import { formatParam } from '../../src/dashboard/format/param.ts';

test('values have four digits, and exponents only where they are shorter', () => {
  const shown = {
    0.97314: '0.9731',
    12345: '12,345',
    1234.5678: '1,235',
    0.0000125: '1.25e-5',
    0.001: '0.001',
    '-0.5': '−0.5',
    '-2e-9': '−2e-9',
    31415926: '3.14e7',
    20000000: '2e7',
  };
  for (const [value, text] of Object.entries(shown)) expect(formatValue(Number(value))).toBe(text);
  expect([0, null, Number.NaN, Number.POSITIVE_INFINITY].map((value) => formatValue(value))).toEqual([
    '0',
    '–',
    '–',
    '∞',
  ]);
  expect(formatCount(1234567)).toBe('1,234,567');
  expect(formatShare(0.4217, 1)).toBe('42.2%');
});

test('parameters that are empty texts or null can be told from those that are left out', () => {
  expect(['', null, undefined, 'adam', 0.00125].map(formatParam)).toEqual([
    '""',
    'null',
    '–',
    'adam',
    '0.00125',
  ]);
});

test('durations have two units, and never sixty of the smaller one', () => {
  const shown = {
    0: '0 ms',
    999.4: '999 ms',
    999.6: '1.0 s',
    9949: '9.9 s',
    59499: '59 s',
    59600: '1 m',
    252000: '4 m 12 s',
    3599800: '1 h',
    7500000: '2 h 5 m',
    86399000: '1 d',
    273600000: '3 d 4 h',
  };
  for (const [ms, text] of Object.entries(shown)) expect(formatDuration(Number(ms))).toBe(text);
  expect(formatDuration(null)).toBe('–');
});

test('sizes have three digits in binary units', () => {
  const shown = {
    0: '0 B',
    999: '999 B',
    1000: '1 KiB',
    1536: '1.5 KiB',
    12025908429: '11.2 GiB',
    104857600: '100 MiB',
  };
  for (const [bytes, text] of Object.entries(shown)) expect(formatBytes(Number(bytes))).toBe(text);
});

test('ages have one unit, and old ones are dates', () => {
  const now = Date.parse('2026-03-10T12:00:00Z');
  const ago = (seconds: number) => formatAge(new Date(now - seconds * 1000), now);
  expect([0, 12, 299, 3600 * 5, 86_400 * 3].map(ago)).toEqual([
    'now',
    '12 s ago',
    '4 m ago',
    '5 h ago',
    '3 d ago',
  ]);
  expect(ago(86_400 * 40)).toMatch(/2026/);
  expect(formatAge(null, now)).toBe('–');
});
