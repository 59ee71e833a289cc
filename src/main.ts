#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { createOutput } from './commands/output.ts';
import { OperatorError } from './core/errors.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const program = new Command('trialgraph')
  .description('A GraphQL experiment-tracking server that also runs and steers the experiments.')
  .version(version)
  .showHelpAfterError('(add --help for the options)')
  .addHelpText(
    'after',
    `
Settings come from the environment, a .env file or trialgraph.config.{ts,js,json}: see docs/configuration.md.

Examples:
  $ trialgraph demo                    a study of 12 real trials, watched live
  $ trialgraph serve --port 8080       the server alone
  $ trialgraph doctor                  what works on this machine`,
  );

program
  .command('serve')
  .description('Start the server, with its own PostgreSQL unless DATABASE_URL names another.')
  .option('--host <address>', 'address to listen on; any but loopback needs TRIALGRAPH_TOKEN')
  .option('--port <number>', 'port to listen on; 0 takes any free one', parsePort)
  .option('--data-dir <path>', 'directory for the database and files (default: ./data)')
  .option(
    '--backend <name>',
    'tfjs backend for trials: auto, tensorflow-gpu, webgpu, tensorflow, wasm or cpu',
  )
  .option('--slots <number>', 'trials that may run at once on the CPU', parseCount)
  .action(async (options) => (await import('./commands/serve.ts')).serve(options));

program
  .command('demo')
  .description(
    'Start a server on data of its own and run a study of real trials on it, as an ordinary client.',
  )
  .option('--trials <number>', 'trials to run', parseCount, 12)
  .option('--keep', 'leave the server up at the end')
  .option('--json', 'print one JSON object with the results as the last line')
  .option('--port <number>', 'port to listen on; the next free one if it is taken', parsePort)
  .option('--backend <name>', 'tfjs backend: auto, tensorflow-gpu, webgpu, tensorflow, wasm or cpu')
  .option('--data-dir <path>', 'directory for the demo’s data (default: ./data/demo)')
  .action(async (options) => (await import('./commands/demo.ts')).demo(options));

program
  .command('gpu-check')
  .description(
    'Train on every GPU backend that works here and compare it with plain JavaScript; see docs/gpu.md.',
  )
  .option('--json', 'print one JSON object as the last line')
  .option('--allow-software', 'take a WebGPU adapter that computes on the CPU too')
  .action(async (options) => (await import('./commands/gpu-check.ts')).gpuCheck(options));

program
  .command('doctor')
  .description(
    'Show which backends work here and why the others do not, the memory, the database and the versions.',
  )
  .option('--json', 'print one JSON object')
  .action(async (options) => (await import('./commands/doctor.ts')).doctor(options));

program
  .command('setup-tensorflow')
  .description(
    'Make the backend tensorflow (with --cuda tensorflow-gpu) work: build the addon of @tensorflow/tfjs-node(-gpu) ' +
      'against the libraries of a recent TensorFlow wheel.',
  )
  .option('--cuda', 'for NVIDIA GPUs: CUDA 12 and cuDNN 9 are downloaded too')
  .option(
    '--wheel <file>',
    'a wheel of tensorflow or tensorflow-cpu, 2.15 or newer (default: downloaded by pip)',
  )
  .option('--tensorflow <version>', 'the release to download', '2.21.0')
  .option('--no-cuda-libraries', 'use the CUDA and cuDNN that this machine has')
  .option('--python <program>', 'the Python whose pip downloads', 'python3')
  .action(async (options) => (await import('./commands/setup-tensorflow.ts')).setupTensorflow(options));

program
  .command('export')
  .description('Write a study of a running server into a zip file: trials, points, log, files.')
  .argument('<study>', 'its id, such as study-12, or its name')
  .option('--format <format>', 'form of the tables of trials and points: csv, ndjson or parquet', 'csv')
  .option('--output <file>', 'the file to write; - is the standard output (default: <id>.zip)')
  .option('--project <name>', 'the project of a study that is given by its name', 'default')
  .option('--url <url>', 'the server (default: the one that the settings describe)')
  .option('--token <token>', 'its access token')
  .action(async (study, options) => (await import('./commands/export.ts')).exportStudy(study, options));

program
  .command('import')
  .description('Make a study of a file that export has written, on this server or another.')
  .argument('<file>', 'the zip file')
  .option('--name <name>', 'the new study’s name (default: the one it had)')
  .option('--project <name>', 'its project (default: the one it had)')
  .option('--url <url>', 'the server (default: the one that the settings describe)')
  .option('--token <token>', 'its access token')
  .action(async (file, options) => (await import('./commands/import.ts')).importStudy(file, options));

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof OperatorError)) throw error;
  const { colors, say } = createOutput(process.stderr);
  say(`${colors.red('error:')} ${error.message}`);
  process.exitCode = 1;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('It must be a number from 0 to 65535.');
  return port;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > 100_000) {
    throw new InvalidArgumentError('It must be a whole number from 1 to 100000.');
  }
  return count;
}
