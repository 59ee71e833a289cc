import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from './run-program.ts';

/** The version whose addon is known to build against recent libraries. */
const version = '4.22.0';

/**
 * Installs a TensorFlow package where trialgraph looks for it, without its install script, which would download
 * TensorFlow 2.9. @returns its directory
 */
export async function installPackage(name: string): Promise<string> {
  const root = installRoot();
  const directory = join(root, 'node_modules', name);
  if (!existsSync(join(directory, 'package.json'))) {
    // Without --save-prod npm takes it for trialgraph's optional peer, and installs nothing.
    await runProgram(
      'npm',
      [
        ...[
          'install',
          '--prefix',
          root,
          '--no-save',
          '--save-prod',
          '--ignore-scripts',
          '--no-audit',
          '--no-fund',
        ],
        `${name}@${version}`,
      ],
      'Check that npm reaches its registry.',
    );
  }
  return directory;
}

/** The directory whose node_modules holds trialgraph, or trialgraph's own where it is a checkout. */
function installRoot(): string {
  const own = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[/\\]$/, '');
  return basename(dirname(own)) === 'node_modules' ? dirname(dirname(own)) : own;
}
