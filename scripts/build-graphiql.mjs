import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Bundles the GraphiQL page into dist/graphiql: no file of it comes from another server. Takes about 4 seconds. */
export async function buildGraphiql() {
  await build({
    configFile: false,
    root: fileURLToPath(new URL('../src/dashboard/graphiql/', import.meta.url)),
    base: '/graphiql/',
    logLevel: 'warn',
    build: {
      outDir: fileURLToPath(new URL('../dist/graphiql/', import.meta.url)),
      emptyOutDir: true,
      target: 'es2023',
      // Monaco is large, whatever one does.
      chunkSizeWarningLimit: Number.POSITIVE_INFINITY,
      rolldownOptions: {
        onwarn(warning, warn) {
          // "use client" means nothing in a bundle.
          if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
        },
      },
    },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildGraphiql();
