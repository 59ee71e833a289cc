import { Command } from 'commander';
import { benchmarks, type GivenOptions } from './benchmarks.ts';
import { printResult } from './result.ts';

const program = new Command('npm run bench --').description('Measures trialgraph against a reference.');

for (const [name, { description, options = [], load }] of Object.entries(benchmarks)) {
  const command = program
    .command(name)
    .description(description)
    .option('--json', 'print one JSON object as the last line');
  for (const [flags, meaning] of options) command.option(flags, meaning);
  command.action(async ({ json = false, ...given }: { json?: boolean } & GivenOptions) => {
    const { run } = await load();
    printResult(await run(given), json);
  });
}

await program.parseAsync();
