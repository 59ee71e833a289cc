import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const names = ['@tensorflow/tfjs', '@prisma/client', '@apollo/server', 'graphql'];

/** The installed versions of the packages that matter most, and of trialgraph itself. */
export function packageVersions(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const own = new URL('../../../package.json', import.meta.url);
  const versions = names.map((name) => {
    // Not all packages let their package.json be imported.
    const entry = require.resolve(name);
    const folder = entry.slice(0, entry.lastIndexOf(join('node_modules', name)));
    return [name, versionIn(join(folder, 'node_modules', name, 'package.json'))];
  });
  return Object.fromEntries([['trialgraph', versionIn(own)], ...versions]);
}

function versionIn(file: string | URL): string {
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
