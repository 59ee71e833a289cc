import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvRow, readCsv } from '../../../src/execution/archive/csv.ts';

async function read(text: string, chunkLength: number): Promise<string[][]> {
  const chunks = async function* () {
    for (let i = 0; i < text.length; i += chunkLength) yield text.slice(i, i + chunkLength);
  };
  const records: string[][] = [];
  for await (const record of readCsv(chunks())) records.push(record);
  return records;
}

test.each([
  [['a', 1, null, true], 'a,1,,true\r\n'],
  [['a,b', 'say "x"', 'two\nlines'], '"a,b","say ""x""","two\nlines"\r\n'],
  [[-0, Number.NaN, Number.POSITIVE_INFINITY, 1e300], '-0,NaN,Infinity,1e+300\r\n'],
  [[new Date(0), { a: 1 }], '1970-01-01T00:00:00.000Z,"{""a"":1}"\r\n'],
])('%j is written as %j', (cells, text) => {
  expect(csvRow(cells)).toBe(text);
});

test('whatever is written is read again, wherever the text is cut', async () => {
  const cell = fc.oneof(fc.string(), fc.constantFrom('', '"', ',', '\n', '\r\n', '""', 'a"b,c'));
  // A record of one empty cell is an empty line.
  const record = fc.array(cell, { minLength: 2, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(record, { maxLength: 5 }),
      fc.integer({ min: 1, max: 7 }),
      async (records, n) => {
        expect(await read(records.map(csvRow).join(''), n)).toEqual(records);
      },
    ),
  );
});

test('line feeds alone, and no line end at the end, are understood', async () => {
  expect(await read('a,b\n\nc,d', 3)).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
});

test('a quote that is never closed does not fill the memory', async () => {
  await expect(read(`"${'x'.repeat(1_100_000)}`, 100_000)).rejects.toThrow('more than 1000000 characters');
});
