import { Command } from 'commander';
import { benchmarks } from './benchmarks.ts';
import { printResult } from './result.ts';

const list = Object.entries(benchmarks)
  .map(([name, { description }]) => `  ${name.padEnd(12)} ${description}`)
  .join('\n');

await new Command('npm run bench --')
  .argument('[name]', 'the benchmark to run')
  .option('--json', 'print one JSON object as the last line')
  .addHelpText('after', `\nBenchmarks:\n${list}`)
  .action(async (name: string | undefined, { json = false }: { json?: boolean }) => {
    const benchmark = name === undefined ? undefined : benchmarks[name];
    if (benchmark === undefined) {
      console.error(
        `${name === undefined ? 'Name a benchmark' : `There is no benchmark "${name}"`}:\n${list}`,
      );
      process.exitCode = 2;
      return;
    }
    const { run } = await benchmark.load();
    printResult(await run(), json);
  })
  .parseAsync();
