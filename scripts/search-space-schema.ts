import { writeFile } from 'node:fs/promises';
import { searchSpaceSchema } from '../src/core/search-space/json-schema.ts';

/** Writes docs/search-space.schema.json: `node --import tsx scripts/search-space-schema.ts`. */

export const schemaPage = new URL('../docs/search-space.schema.json', import.meta.url);

/** The schema as it is committed. */
export function printedSearchSpaceSchema(): string {
  return `${JSON.stringify(searchSpaceSchema(), null, 2)}\n`;
}

if (process.argv[1] === import.meta.filename) await writeFile(schemaPage, printedSearchSpaceSchema());
