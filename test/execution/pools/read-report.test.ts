import { describe, expect, test } from 'vitest';
import { readMessage } from '../../../src/execution/pools/read-message.ts';
import { readReport } from '../../../src/execution/pools/read-report.ts';

describe('a report', () => {
  test('is read as plain data, whatever numbers it holds', () => {
    const values = { loss: Number.NaN, accuracy: Number.POSITIVE_INFINITY, rate: -0 };
    expect(readReport(0, values)).toEqual({ step: 0, values });
    expect(readReport(2 ** 31 - 1, new Proxy(values, {}))).toEqual({ step: 2 ** 31 - 1, values });
    expect(readReport(1, {})).toEqual({ step: 1, values: {} });
  });

  test.each([
    [Number.NaN, { loss: 1 }, 'step: must be an integer from 0 to 2147483647, not NaN.'],
    [-1, { loss: 1 }, 'step: must be an integer from 0 to 2147483647, not -1.'],
    [2 ** 31, { loss: 1 }, 'step: must be an integer from 0 to 2147483647, not 2147483648.'],
    [Number.POSITIVE_INFINITY, { loss: 1 }, 'step: must be an integer from 0 to 2147483647, not Infinity.'],
    ['1', { loss: 1 }, 'step: must be an integer from 0 to 2147483647, not "1".'],
    [1, null, 'values: must be an object of numbers by metric, not null.'],
    [1, [0.5], 'values: must be an object of numbers by metric, not a list.'],
    [1, { loss: 1n }, 'values.loss: must be a number, not 1.'],
    [1, { loss: undefined }, 'values.loss: must be a number, not undefined.'],
    [1, { loss: { dataId: 1 } }, 'values.loss: must be a number, not an object.'],
    [1, { loss: () => 1 }, 'values.loss: must be a number, not a function.'],
    [1, { 'a\0': 1 }, 'has a NUL character'],
    [1, { '\ud800': 1 }, 'has half a surrogate pair'],
    [1, { ['x'.repeat(201)]: 1 }, 'has a name of 201 characters'],
    [
      -2,
      { a: '1', b: '2' },
      'step: must be an integer from 0 to 2147483647, not -2.\nvalues.a: must be a number',
    ],
  ])('at step %s of %o is refused with every fault', (step, values, words) => {
    expect(() => readReport(step, values)).toThrow(words);
  });
});

describe('a message of a process', () => {
  test.each([
    { type: 'ready', device: 'cpu' },
    { type: 'report', trialId: 1, report: { step: 1, values: { loss: Number.NaN }, time: 1 } },
    { type: 'checkpoint', trialId: 1, bytes: new Uint8Array() },
    {
      type: 'artifact',
      trialId: 1,
      request: 1,
      file: { name: 'a', contentType: 'b', content: { path: 'c' } },
    },
    { type: 'ended', trialId: 1, outcome: { state: 'COMPLETED', values: undefined } },
    { type: 'ended', trialId: 1, outcome: { state: 'FAILED', error: 'x' }, peakBytes: 1 },
  ])('of its host is taken: %j', (message) => {
    expect(readMessage(message)).toBe(message);
  });

  test.each([
    null,
    'ready',
    [],
    {},
    { type: 'run' },
    { type: 'report' },
    { type: 'report', report: { step: -1, values: {}, time: 1 } },
    { type: 'report', report: { step: 1, values: { loss: 'x' }, time: 1 } },
    { type: 'report', report: { step: 1, values: {}, time: Number.NaN } },
    { type: 'checkpoint', bytes: 'x' },
    { type: 'artifact', request: 1, file: { name: 'a', contentType: 'b', content: null } },
    { type: 'log', line: {} },
    { type: 'ended' },
    { type: 'ended', outcome: { state: 'COMPLETED', values: 1 } },
    { type: 'ended', outcome: { state: 'FAILED' } },
    { type: 'ended', outcome: { state: 'HAPPY' } },
  ])('that its host would not send is passed over: %j', (message) => {
    expect(readMessage(message)).toBeNull();
  });
});
