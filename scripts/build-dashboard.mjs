import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { build } from 'vite';

const source = fileURLToPath(new URL('../src/dashboard/', import.meta.url));
const target = fileURLToPath(new URL('../dist/dashboard/', import.meta.url));
/** Fonts and pictures are compressed in themselves. */
const compressible = /\.(js|css|html|svg)$/;

/** Bundles the dashboard into dist/dashboard, each file beside its .br and .gz, as it is sent. */
export async function buildDashboard() {
  await build({ configFile: join(source, 'vite.config.ts'), logLevel: 'warn' });
  const files = readdirSync(target, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && compressible.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  await Promise.all(files.map(compress));
}

async function compress(file) {
  const content = readFileSync(file);
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(content),
    promisify(gzip)(content, { level: 9 }),
  ]);
  writeFileSync(`${file}.br`, br);
  writeFileSync(`${file}.gz`, gz);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildDashboard();
