// npm run check: format and lint, types, layers and import cycles, dead code, unit tests; all that do not need a
// database or a browser. With --no-tests, all but the tests.
import { runStep } from './run-step.mjs';

await runStep('Format and lint', 'npx', ['biome', 'check', '.']);
await runStep('Types', 'npx', ['tsc', '--project', '.']);
await runStep('Types of the dashboard', 'npx', ['tsc', '--project', 'src/dashboard']);
await runStep('Layers and import cycles', 'npx', ['depcruise', 'src']);
await runStep('Dead code', 'npx', ['knip']);
if (!process.argv.includes('--no-tests'))
  await runStep('Unit tests', 'npx', ['vitest', 'run', '--project', 'unit']);
