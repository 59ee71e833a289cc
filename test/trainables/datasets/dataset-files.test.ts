import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findDatasets } from '../../../src/trainables/datasets/dataset-files.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trialgraph-datasets-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let files = 0;
async function load(content: string | Buffer, description?: object | string) {
  const name = `table${++files}`;
  await writeFile(join(folder, `${name}.csv`), content);
  if (description !== undefined) {
    const text = typeof description === 'string' ? description : JSON.stringify(description);
    await writeFile(join(folder, `${name}.json`), text);
  }
  return findDatasets(folder).get(name)!();
}

describe('the datasets that come with trialgraph', () => {
  it('are MNIST, and iris, cars and spam as tables', async () => {
    const datasets = findDatasets(null);
    expect([...datasets.keys()].sort()).toEqual(['cars', 'iris', 'mnist', 'spam']);
    const [iris, cars, spam] = await Promise.all(
      ['iris', 'cars', 'spam'].map((name) => datasets.get(name)!()),
    );
    expect(iris).toMatchObject({
      input: { kind: 'table', shape: [4] },
      target: { kind: 'class', classes: ['setosa', 'versicolor', 'virginica'] },
      train: { count: 150 },
    });
    expect(cars).toMatchObject({
      input: { kind: 'table', shape: [9] },
      target: { kind: 'number', name: 'milesPerGallon' },
      train: { count: 398 },
    });
    // Known of the data: 23.5 miles a gallon on average.
    expect(cars!.target).toHaveProperty('mean', expect.closeTo(23.51, 1));
    expect(spam).toMatchObject({
      input: { kind: 'text', shape: [64], vocabulary: 2_000 },
      target: { kind: 'class', classes: ['ham', 'spam'] },
      train: { count: 2_000 },
    });
  });
});

describe('a CSV file', () => {
  it('becomes standardised numbers and a column for each choice; a missing number is the mean', async () => {
    const { input, target, train } = await load('size,colour,price\n1,red,10\n3,blue,20\n,red,60\n');
    expect(input).toEqual({ kind: 'table', shape: [3], columns: ['size', 'colour=blue', 'colour=red'] });
    expect([...train.features]).toEqual([-1, 0, 1, 1, 1, 0, 0, 0, 1]);
    expect(target).toMatchObject({ kind: 'number', name: 'price', mean: 30 });
    const { mean, deviation } = target as { mean: number; deviation: number };
    expect([...train.targets].map((value) => value * deviation + mean)).toEqual([
      expect.closeTo(10, 4),
      expect.closeTo(20, 4),
      expect.closeTo(60, 4),
    ]);
  });

  it('predicts the column, and as the task, that the file beside it names; rows without it are left out', async () => {
    const description = { target: 'kind', task: 'classification', ignore: ['id'] };
    const { input, target, train } = await load('id,kind,x\nq1,10,1\nq2,9,2\nq3,,3\nq4,9,4\n', description);
    expect(input.shape).toEqual([1]);
    expect(target).toEqual({ kind: 'class', classes: ['9', '10'] });
    expect([...train.targets]).toEqual([1, 0, 0]);
  });

  it('with one column of texts becomes the numbers of their words, also when it is packed', async () => {
    const text = 'message,kind\n"Buy now, buy cheap, now!",spam\nthe minutes of the meeting,ham\n';
    const { input, train } = await load(text, { vocabulary: 10, words: 6 });
    expect(input).toEqual({ kind: 'text', shape: [6], vocabulary: 10 });
    // By frequency, then by the alphabet: buy 2, now 3, the 4, ! 5, cheap 6, meeting 7, minutes 8, of 9.
    expect([...train.features]).toEqual([2, 3, 2, 6, 3, 5, 4, 8, 9, 4, 7, 0]);
    await writeFile(join(folder, 'packed.csv.gz'), gzipSync(text));
    expect((await findDatasets(folder).get('packed')!()).train.count).toBe(2);
  });

  it.each([
    ['nothing', '', undefined, 'it is empty'],
    ['one column', 'a\n1\n', undefined, 'it has one column'],
    ['two columns of a name', 'a,a\n1,2\n', undefined, 'two columns "a"'],
    ['too few rows', 'a,b\n1,2\n', undefined, 'it has 1 rows with a b'],
    ['a row that is cut short', 'a,b\n1,2\n3\n', undefined, 'Invalid Record Length'],
    ['an unknown target', 'a,b\n1,2\n3,4\n', { target: 'c' }, 'no column "c"; it has a, b'],
    ['a number that is none', 'a,b\n1,2\n3,x\n', { task: 'regression' }, 'column "b" holds "x"'],
    ['an unknown setting', 'a,b\n1,2\n3,4\n', { targets: 'b' }, 'Unrecognized key: "targets"'],
    ['a description that is no JSON', 'a,b\n1,2\n3,4\n', '{', 'it is no JSON'],
    [
      'a column of names',
      `name,b\n${Array.from({ length: 60 }, (_, i) => `n${i},${i}`).join('\n')}\n`,
      undefined,
      'its column "name" has 60 different texts; name it in "text" or "ignore"',
    ],
  ])('is refused with %s', async (_, content, description, message) => {
    await expect(load(content, description)).rejects.toThrow(message);
  });
});

describe('IDX files', () => {
  const idx = (shape: readonly number[], values: readonly number[]): Buffer => {
    const header = Buffer.alloc(4 + 4 * shape.length);
    header[2] = 8;
    header[3] = shape.length;
    for (const [axis, length] of shape.entries()) header.writeUInt32BE(length, 4 + 4 * axis);
    return Buffer.concat([header, Buffer.from(values)]);
  };

  it('become labelled images', async () => {
    await writeFile(join(folder, 'tiny-images-idx3-ubyte'), idx([2, 1, 3], [1, 2, 3, 4, 5, 6]));
    await writeFile(join(folder, 'tiny-labels-idx1-ubyte'), idx([2], [2, 0]));
    const tiny = await findDatasets(folder).get('tiny')!();
    expect(tiny).toMatchObject({
      input: { kind: 'image', shape: [1, 3, 1] },
      target: { kind: 'class', classes: ['0', '1', '2'] },
      train: { count: 2, targets: Uint8Array.of(2, 0) },
      test: { count: 0 },
    });
  });

  it('are refused where labels and images are not as many, and where labels are missing', async () => {
    await writeFile(join(folder, 'odd-images-idx3-ubyte'), idx([2, 1, 1], [1, 2]));
    await writeFile(join(folder, 'odd-labels-idx1-ubyte'), idx([3], [0, 0, 0]));
    await writeFile(join(folder, 'lone-images-idx3-ubyte'), idx([1, 1, 1], [1]));
    await expect(findDatasets(folder).get('odd')!()).rejects.toThrow(
      'odd-labels-idx1-ubyte: it holds 3 labels for 2 images',
    );
    await expect(findDatasets(folder).get('lone')!()).rejects.toThrow('lone-labels-idx1-ubyte');
  });
});
