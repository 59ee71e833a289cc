// Generates the Prisma client from prisma/schema.prisma.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';

const prisma = createRequire(import.meta.url).resolve('prisma/build/index.js');
execFileSync(process.execPath, [prisma, 'generate', '--no-hints'], {
  cwd: new URL('..', import.meta.url),
  stdio: 'inherit',
  // Generating never runs the schema engine, yet Prisma would download it: any executable stands in for it here.
  env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1' },
});
