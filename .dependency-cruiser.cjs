const { Compiler } = require('@swc/core');

// dependency-cruiser 17, the last for Node 20, does not tell the parser which files are TSX.
const { parseFileSync } = Compiler.prototype;
Compiler.prototype.parseFileSync = function (path, options) {
  return parseFileSync.call(this, path, { ...options, tsx: path.endsWith('.tsx') });
};

// Imports point only down this list (see ARCHITECTURE.md).
const layers = ['commands', 'server', 'graphql', 'execution', 'trainables', 'events', 'storage', 'core'];

const downwards = layers.map((layer, depth) => ({
  name: `${layer}-imports-downwards`,
  severity: 'error',
  from: { path: `^src/${layer}/` },
  to: {
    path: '^src/',
    pathNot: `^src/(${layers.slice(depth).join('|')})/`,
  },
}));
// The configuration is read at the top and handed down.
downwards[0].to.pathNot = `^src/(${layers.join('|')}|config|client)(/|\\.ts$)|^src/application\\.ts$`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...downwards,
    {
      name: 'core-is-pure',
      comment: 'The core does no I/O and takes time and randomness as arguments.',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev'] },
    },
    {
      name: 'client-sees-only-the-schema',
      severity: 'error',
      from: { path: '^src/client/' },
      to: { path: '^src/', pathNot: '^src/client/' },
    },
    {
      name: 'dashboard-sees-only-the-client',
      severity: 'error',
      from: { path: '^src/dashboard/' },
      to: { path: '^src/', pathNot: '^src/(client|dashboard)/' },
    },
    {
      name: 'tensorflow-only-in-trainables',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/trainables/' },
      to: { path: 'node_modules/@tensorflow/' },
    },
    { name: 'no-import-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-dev-dependency-at-run-time',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(dashboard/|storage/prisma/)' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm-peer'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^picocolors/types' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    exclude: { path: '^src/storage/prisma/' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
