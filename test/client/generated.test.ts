import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import {
  clientCode,
  dashboardCode,
  dashboardFiles,
  generatedFile,
  operationsFile,
  schemaFile,
} from '../../scripts/generate-client.ts';

const read = (file: URL) => readFile(file, 'utf8');

it('the generated code is what the schema and the operations give: else run `npm run generate`', async () => {
  const code = clientCode(await read(schemaFile), await read(operationsFile));
  expect(await read(generatedFile)).toBe(code);
});

it("so is the dashboard's, file by file, with the client's fragments", async () => {
  const files = await dashboardFiles();
  expect(files.length).toBeGreaterThan(0);
  for (const { operations, code } of files) {
    const made = dashboardCode(await read(schemaFile), await read(operationsFile), await read(operations));
    expect(await read(code)).toBe(made);
  }
});

it('operations that do not fit the schema are refused with the place', async () => {
  const operations = 'query Wrong { studies { totalCont } }';
  const schema = await read(schemaFile);
  expect(() => clientCode(schema, operations)).toThrow(/"totalCont".*\n+GraphQL request:1:25/);
});
