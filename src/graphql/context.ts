import type { Engine } from '../execution/engine.ts';
import type { Loaders } from './loaders.ts';

/** Who asks. */
export interface Viewer {
  readonly name: string;
  readonly role: string;
}

/** What every resolver gets. */
export interface GraphqlContext {
  readonly viewer: Viewer;
  readonly engine: Engine;
  readonly loaders: Loaders;
}
