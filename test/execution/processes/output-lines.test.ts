import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readOutput } from '../../../src/execution/processes/output-lines.ts';

/** What is made of these chunks. */
async function read(chunks: Iterable<Uint8Array | string>) {
  const texts: string[] = [];
  const lines: string[] = [];
  const stream = Readable.from(
    (function* () {
      for (const chunk of chunks) yield Buffer.from(chunk as string);
    })(),
    { objectMode: false },
  );
  readOutput(stream, { onText: (text) => texts.push(text), onLine: (line) => lines.push(line) });
  await finished(stream);
  await new Promise(setImmediate);
  return { texts, lines };
}

describe('the output of a program', () => {
  test('comes in whole lines however it was cut', async () => {
    const line = fc.stringMatching(/^[a-zäß📈 ]{0,20}$/u);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n'))),
        fc.infiniteStream(fc.integer({ min: 1, max: 7 })),
        async (written, sizes) => {
          const bytes = Buffer.from(written.flat().join(''));
          const chunks = [];
          for (let start = 0; start < bytes.length; ) {
            const size = sizes.next().value!;
            chunks.push(bytes.subarray(start, start + size));
            start += size;
          }
          const { texts, lines } = await read(chunks);
          expect(lines).toEqual(written.map(([text]) => text));
          expect(texts).toEqual(lines);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('may end within a line', async () => {
    expect((await read(['a\nb'])).lines).toEqual(['a', 'b']);
    expect((await read(['a\nb\r'])).lines).toEqual(['a', 'b']);
    expect((await read([])).lines).toEqual([]);
  });

  test('is shown piece by piece where a line is long, and not read where it is longer than 64 KiB', async () => {
    const long = '📈'.repeat(10_000);
    const { texts, lines } = await read([long, '\n', long.repeat(20), '\nend']);
    expect(lines).toEqual([long, 'end']);
    expect(texts.join('')).toBe(`${long}${long.repeat(20)}end`);
    for (const text of texts) expect(text.length <= 8192 && text.isWellFormed()).toBe(true);
  });

  test('shows a line that overwrites itself once a second', async () => {
    const bar = Array.from({ length: 1000 }, (_, i) => `${i} of 1000\r`);
    const { texts, lines } = await read([...bar, 'done\n']);
    expect(texts).toEqual(['0 of 1000', 'done']);
    expect(lines).toHaveLength(1001);
  });

  test('may be garbage', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 200 })), async (chunks) => {
        const { texts } = await read(chunks);
        for (const text of texts) expect(text.isWellFormed()).toBe(true);
      }),
    );
  });

  test('is kept up to 16 MiB, with a word about the rest', async () => {
    const chunk = `${'x'.repeat(99)}\n`.repeat(640);
    const { texts, lines } = await read(Array.from({ length: 300 }, () => chunk));
    expect(lines).toHaveLength(300 * 640);
    expect(texts).toHaveLength(Math.ceil((16 * 2 ** 20 + 1) / 100));
    expect(texts.at(-1)).toBe('... more than 16 MiB: the rest of this output is not kept.');
  });
});
