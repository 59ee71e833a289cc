// Makes a fresh clone ready to run: installs packages, generates the Prisma client, builds. Steps whose result is
// newer than what it is made of are left out. Plain JavaScript on Node's own modules: it runs before any is installed.
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runStep } from './run-step.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const at = (...path) => join(root, ...path);

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `trialgraph needs Node.js 20.19 or newer; this is ${process.versions.node}. See https://nodejs.org`,
  );
  process.exit(1);
}

const installed = at('node_modules', '.package-lock.json');
const generated = at('src', 'storage', 'prisma', 'client.ts');
const built = at('dist', '.built');

if (isStale(installed, [at('package-lock.json')])) {
  // Not `npm ci`: it refuses a lock file without the binaries of every platform, which no one platform writes.
  // No package needs its install script here, and Prisma's would download an engine that is not used.
  const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  await runStep('Installing packages', 'npm', ['install', ...options]);
}
if (isStale(generated, [at('prisma', 'schema.prisma'), installed])) {
  await runStep('Generating the database client', process.execPath, [at('scripts', 'generate.mjs')]);
}
if (isStale(built, [...filesBelow(at('src')), at('tsconfig.build.json'), installed])) {
  await runStep('Building', process.execPath, [at('scripts', 'build.mjs')]);
  writeFileSync(built, '');
}

/** Whether a file is missing or older than one of its sources. */
function isStale(target, sources) {
  if (!existsSync(target)) return true;
  const madeAt = statSync(target).mtimeMs;
  return sources.some((source) => statSync(source).mtimeMs > madeAt);
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
