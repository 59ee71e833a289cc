// Compiles src/ to dist/ and bundles the pages that the server serves.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = (...args) => execFileSync(process.execPath, args, { cwd: root, stdio: 'inherit' });

rmSync(`${root}/dist`, { recursive: true, force: true });
run('node_modules/typescript/bin/tsc', '--project', 'tsconfig.build.json');
run('scripts/build-graphiql.mjs');
run('scripts/build-dashboard.mjs');
