import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultRetries, parseRetries, retryDelayMs } from '../../src/core/retries.ts';

const seconds = fc.double({ min: 0, max: 7 * 24 * 3600, noNaN: true });
const retries = fc.record({
  lost: fc.nat(1000),
  failed: fc.nat(1000),
  delaySeconds: seconds,
  maxDelaySeconds: seconds,
});
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('the delay doubles up to its limit, and at least half of it is waited', () => {
  fc.assert(
    fc.property(retries, fc.integer({ min: 1, max: 2000 }), random, (policy, failures, draw) => {
      const whole =
        Math.min(policy.maxDelaySeconds, policy.delaySeconds * 2 ** Math.min(1000, failures - 1)) * 1000;
      const delay = retryDelayMs(policy, failures, draw);
      expect(delay >= whole / 2 && delay <= whole).toBe(true);
      expect(retryDelayMs(policy, failures + 1, draw)).toBeGreaterThanOrEqual(delay);
    }),
  );
});

test('without a failure there is no delay', () => {
  expect(retryDelayMs(defaultRetries, 0, 0.9)).toBe(0);
});

test('by default a trial that was lost four times has waited for less than ten seconds', () => {
  const delays = [0, 1, 2].map((failures) => retryDelayMs(defaultRetries, failures, 0.999));
  expect(delays.map(Math.round)).toEqual([0, 1000, 1999]);
});

test('every fault is told with its path', () => {
  expect(parseRetries(null)).toBeNull();
  expect(parseRetries({ failed: 2 })).toEqual({ failed: 2 });
  expect(() => parseRetries(3)).toThrow('retries: must be an object');
  expect(() => parseRetries({ lost: -1, failed: 1.5, delaySeconds: 1e9, jitter: true })).toThrow(
    /retries\.jitter: is not known here.*\nretries\.lost: .*\nretries\.failed: .*\nretries\.delaySeconds: /,
  );
});
