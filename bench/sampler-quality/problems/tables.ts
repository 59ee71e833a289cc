import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Parameter } from '../../../src/core/search-space/space.ts';
import type { QualityProblem } from '../problem.ts';

interface TableHeader {
  readonly name: string;
  readonly direction: 'minimize' | 'maximize';
  readonly parameters: readonly {
    readonly name: string;
    readonly choices: readonly (string | number | boolean)[];
    readonly ordered: boolean;
  }[];
  readonly best: number;
  readonly median: number;
}

/**
 * The tables of a folder: `NAME.json` says the parameters, `NAME.f32` has a little-endian float32 for every
 * configuration, the last parameter varying fastest. A grid that is ordered is an integer, its place; any other is a
 * choice. In the order of names every second table is held back. All seeds share one instance.
 */
export async function readTables(directory: string): Promise<QualityProblem[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.json')).sort();
  if (files.length === 0) throw new Error(`${directory} has no tables (NAME.json and NAME.f32).`);
  return Promise.all(
    files.map(async (file, i) => {
      const header = JSON.parse(await readFile(join(directory, file), 'utf8')) as TableHeader;
      const bytes = await readFile(join(directory, file.replace(/json$/, 'f32')));
      return tableProblem(
        header,
        new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
        i % 2 === 1,
      );
    }),
  );
}

function tableProblem(header: TableHeader, table: DataView, heldBack: boolean): QualityProblem {
  const { name, direction, parameters, best, median } = header;
  const sign = direction === 'minimize' ? 1 : -1;
  return {
    name,
    family: 'tables',
    heldBack,
    searchSpace: Object.fromEntries(
      parameters.map(({ name, choices, ordered }): [string, Parameter] => [
        name,
        ordered ? { type: 'int', low: 0, high: choices.length - 1 } : { type: 'categorical', choices },
      ]),
    ),
    objectives: [{ metric: 'loss', direction: direction === 'minimize' ? 'MINIMIZE' : 'MAXIMIZE' }],
    constraints: [],
    instance: () => ({
      evaluate: (params) => {
        let row = 0;
        for (const { name, choices, ordered } of parameters) {
          const value = params[name]!;
          row = row * choices.length + (ordered ? (value as number) : choices.indexOf(value as string));
        }
        return { loss: table.getFloat32(4 * row, true) };
      },
      regret: (told) => {
        const found = Math.min(...told.map(({ loss }) => sign * loss!));
        return Math.max(0, (found - sign * best) / (sign * median - sign * best));
      },
    }),
  };
}
