import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readMetricLine } from '../../../src/trainables/command/metric-lines.ts';

const read = (line: string) => readMetricLine(line, new Set(['loss', 'val/acc']));

test('every number of a line of JSON is a metric', () => {
  expect(read('{"step": 3, "loss": 0.25, "lr": 1e-3, "name": "x", "ok": true, "list": [1]}')).toEqual({
    step: 3,
    values: { loss: 0.25, lr: 1e-3 },
  });
  expect(read('  {"loss": NaN, "a": -Infinity, "b": Infinity, "c": "NaN"} ')).toEqual({
    step: null,
    values: { loss: Number.NaN, a: Number.NEGATIVE_INFINITY, b: Number.POSITIVE_INFINITY },
  });
  expect(read('{"step": 3}')).toBeNull();
  expect(read('{"step": 1.5, "loss": 1}')).toEqual({ step: null, values: { loss: 1 } });
  expect(read('{"__proto__": 1, "loss": 2}')).toEqual({ step: null, values: { loss: 2 } });
  expect(read('{"loss": {"a": 1}}')).toBeNull();
  expect(read('{loss: 1}')).toBeNull();
});

test('of pairs those count whose name is a metric', () => {
  expect(read('step=3 loss=0.25')).toEqual({ step: 3, values: { loss: 0.25 } });
  expect(read('epoch 4/10 | step: 4, loss: 1e-3; val/acc=.5')).toEqual({
    step: 4,
    values: { loss: 1e-3, 'val/acc': 0.5 },
  });
  expect(read('loss=nan val/acc=-inf')).toEqual({
    step: null,
    values: { loss: Number.NaN, 'val/acc': Number.NEGATIVE_INFINITY },
  });
  for (const line of [
    'lr=3',
    'loss=',
    'loss=0.1s',
    'xloss=1',
    'loss=1e',
    'my loss is 3',
    'http://x/?loss=1',
    '',
  ]) {
    expect(read(line)).toBeNull();
  }
});

test('what JavaScript or Python writes is read again, and nothing makes it throw', () => {
  fc.assert(
    fc.property(fc.double(), fc.nat(2 ** 31 - 1), (loss, step) => {
      const python = Number.isNaN(loss) ? 'nan' : String(loss).replace('Infinity', 'inf');
      expect(read(`step=${step} loss=${python}`)).toEqual({ step, values: { loss: loss + 0 } });
    }),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.string().map((text) => `{${text}}`),
      ),
      (line) => {
        read(line);
      },
    ),
  );
});
