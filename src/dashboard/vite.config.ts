import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The server that `npm run dev` shows: a running `npm start` or `npm run demo`. */
const server = process.env.TRIALGRAPH_URL ?? 'http://127.0.0.1:4000';
const served = { target: server, ws: true };

/** Charts and what else is large are loaded by the pages that show them. */
const isOfPages =
  /\/(?:src\/dashboard\/(?:format|live|operations|pages|parts|shell|theme)|node_modules\/@(?:mantine|tabler|tanstack))\//;

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  // The API explorer, which lies below, loads its editor in ways that cannot be bundled ahead.
  optimizeDeps: { entries: ['index.html'] },
  server: {
    proxy: {
      '/graphql': served,
      '/graphiql/': served,
      '/artifacts': served,
      '/export': served,
      '/import': served,
      '/schemas': served,
    },
  },
  build: {
    outDir: fileURLToPath(new URL('../../dist/dashboard/', import.meta.url)),
    emptyOutDir: true,
    target: 'es2023',
    // Inlined fonts would be data: addresses, which the page's policy does not allow.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      output: {
        // Many small files, six at a time, take longer than all that they hold.
        codeSplitting: {
          groups: [
            { name: 'frame', tags: ['$initial'], priority: 2 },
            { name: 'shared', minShareCount: 3, test: isOfPages, priority: 1 },
          ],
        },
      },
      onwarn(warning, warn) {
        // "use client" means nothing in a bundle.
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
});
