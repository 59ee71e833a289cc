import { register } from 'node:module';
import { pathToFileURL } from 'node:url';

const isSource = import.meta.url.endsWith('.ts');
const prepared = new Set<string>();

/** Lets this thread import the modules of a folder: TypeScript through tsx, and `trialgraph/trainable` as it is here. */
export async function prepareImports(folder: string, hasTypeScript: boolean): Promise<void> {
  if (prepared.has(folder)) return;
  prepared.add(folder);
  if (hasTypeScript || isSource) (await import('tsx/esm/api')).register();
  const extension = isSource ? 'ts' : 'js';
  const data = {
    folder: `${pathToFileURL(folder)}/`,
    entry: new URL(`../trainable.${extension}`, import.meta.url).href,
  };
  // Those that are registered last are asked first.
  register(`./module-hooks.${extension}`, import.meta.url, { data });
}
