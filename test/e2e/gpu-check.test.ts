import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { largestDifference } from '../../src/commands/gpu-check/check-backend.ts';
import { temporaryDirectory } from '../support/trialgraph-process.ts';

const run = promisify(execFile);

test.skipIf(process.platform !== 'linux' || process.arch !== 'x64')(
  'the packed check runs in an empty environment from elsewhere, and is small enough to send',
  async () => {
    await using directory = await temporaryDirectory();
    const folder = join(directory.path, 'check');
    await run(process.execPath, ['scripts/gpu-check.mjs', '--pack', folder], { timeout: 100_000 });
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const packed = files.map(
      (file) => gzipSync(readFileSync(join(file.parentPath, file.name)), { level: 1 }).length,
    );
    expect(packed.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(60 * 2 ** 20);

    const { stdout, stderr } = await run(join(folder, 'run.sh'), ['--json'], {
      env: {},
      cwd: '/',
      timeout: 100_000,
    });
    const result = JSON.parse(stdout.trim().split('\n').at(-1)!) as { ok: boolean; skipped: boolean };
    expect(result.ok).toBe(true);
    if (!result.skipped) return;
    expect(stderr).toContain('No GPU here: nothing was checked.');
    console.log('No GPU here: the packed check found none, and was not run on one.');
  },
  240_000,
);

test('losses differ by the largest share of any step; no number and another length by infinitely much', () => {
  expect(largestDifference([1, 2.2], [1, 2])).toBeCloseTo(0.1);
  expect(largestDifference([], [])).toBe(0);
  expect(largestDifference([1], [1, 2])).toBe(Number.POSITIVE_INFINITY);
  expect(largestDifference([Number.NaN], [1])).toBe(Number.POSITIVE_INFINITY);
});
