import { fileURLToPath } from 'node:url';

/** A module to start in a thread or a process of its own. */
export interface EntryPoint {
  /** For `new Worker(threadUrl)`. */
  readonly threadUrl: URL;
  /** For `fork(path, [], { execArgv })`. */
  readonly path: string;
  readonly execArgv: readonly string[];
}

/**
 * The module `name` (without an extension) beside the module `from` (its `import.meta.url`): the compiled one where
 * `from` is compiled, otherwise the source, run through tsx.
 */
export function entryPoint(name: string, from: string): EntryPoint {
  const isSource = from.endsWith('.ts');
  const url = new URL(`${name}${isSource ? '.ts' : '.js'}`, from);
  if (!isSource) return { threadUrl: url, path: fileURLToPath(url), execArgv: [] };

  // Node 20 does not run the hooks of `--import tsx` in a thread: there they are registered by hand.
  const bootstrap = `import { register } from '${import.meta.resolve('tsx/esm/api')}'; register(); await import('${url}');`;
  return {
    threadUrl: new URL(`data:text/javascript,${encodeURIComponent(bootstrap)}`),
    path: fileURLToPath(url),
    execArgv: ['--import', import.meta.resolve('tsx')],
  };
}
