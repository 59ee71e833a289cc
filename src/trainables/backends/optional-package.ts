import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Imports a package that need not be installed; throws an Error that says how to get it or why it does not load. */
export async function importOptional<T>(specifier: string): Promise<T> {
  if (!isInstalled(specifier)) throw new Error(installHint(specifier));
  try {
    const loaded = (await import(specifier)) as { readonly default?: T };
    return loaded.default ?? (loaded as T);
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split('\n');
    const remedy = remedies[specifier] ? ` To mend it: ${remedies[specifier]}` : '';
    throw new Error(`The package ${specifier} is installed but does not load: ${reason}${remedy}`, {
      cause: error,
    });
  }
}

export function isInstalled(specifier: string): boolean {
  try {
    require.resolve(`${specifier}/package.json`);
    return true;
  } catch {
    return false;
  }
}

export function installHint(specifier: string): string {
  return `The package ${specifier} is not installed. To use it: ${remedies[specifier] ?? `npm install ${specifier}`}`;
}

/** The installers of these packages fetch TensorFlow 2.9 for CUDA 11, which few machines can still use. */
const remedies: Readonly<Record<string, string>> = {
  '@tensorflow/tfjs-node': 'trialgraph setup-tensorflow',
  '@tensorflow/tfjs-node-gpu': 'trialgraph setup-tensorflow --cuda',
};

export function installedVersion(specifier: string): string {
  return (require(`${specifier}/package.json`) as { version: string }).version;
}
