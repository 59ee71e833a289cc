import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { OperatorError } from '../../core/errors.ts';
import { runProgram } from './run-program.ts';

const tools = ['g++', 'make', 'python3'];
const remedy = 'On Debian and Ubuntu: apt-get install build-essential python3';

/** Before gigabytes are downloaded. @throws OperatorError that names what is missing */
export function checkBuildTools(): void {
  const directories = (process.env.PATH ?? '').split(delimiter);
  const missing = tools.filter((tool) => !directories.some((directory) => existsSync(join(directory, tool))));
  if (missing.length === 0) return;
  throw new OperatorError(`The addon is built here, which needs ${missing.join(', ')}. ${remedy}`);
}

/** Compiles and links the addon of a tfjs-node package against what is in its `deps`. */
export async function buildAddon(addon: string): Promise<void> {
  const nodePreGyp = createRequire(join(addon, 'package.json')).resolve(
    '@mapbox/node-pre-gyp/bin/node-pre-gyp',
  );
  await runProgram(process.execPath, [nodePreGyp, 'install', '--build-from-source'], remedy, {
    cwd: addon,
    env: { ...process.env, ...ownHeaders() },
  });
}

/** Node's headers where they came with Node itself; elsewhere node-gyp downloads them from nodejs.org. */
function ownHeaders(): NodeJS.ProcessEnv {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, 'include', 'node', 'node_api.h')) ? { npm_config_nodedir: prefix } : {};
}
