import type { InitializeHook, ResolveFnOutput, ResolveHook } from 'node:module';

// Hooks that `load-modules.ts` registers: Node runs them in a thread of its own.

export interface HookSetup {
  /** Where the operator's modules lie, with a slash at the end. */
  readonly folder: string;
  /** What `trialgraph/trainable` is in this process: the same module that the server uses. */
  readonly entry: string;
}

let setup: HookSetup;

export const initialize: InitializeHook<HookSetup> = (data) => {
  setup = data;
};

/**
 * The folder need not lie in a project: `trialgraph/trainable` is there anyway, and zod where no other is installed.
 * Its *.ts and *.js are ES modules whatever a package.json above them says.
 */
export const resolve: ResolveHook = async (specifier, context, next) => {
  if (specifier === 'trialgraph/trainable') {
    return { url: setup.entry, format: 'module', shortCircuit: true };
  }
  const resolved = await resolveOrLend(specifier, context, next);
  const path = resolved.url.startsWith(setup.folder) ? resolved.url.slice(setup.folder.length) : '';
  const isOwn = /\.[jt]s(\?|$)/.test(path) && !path.includes('node_modules/');
  return isOwn ? { ...resolved, format: 'module' } : resolved;
};

async function resolveOrLend(
  specifier: string,
  context: Parameters<ResolveHook>[1],
  next: Parameters<ResolveHook>[2],
): Promise<ResolveFnOutput> {
  try {
    return await next(specifier, context);
  } catch (error) {
    if (specifier !== 'zod') throw error;
    return await next(specifier, { ...context, parentURL: setup.entry });
  }
}
