import type { TrialGrant } from '../core/trial-grant.ts';
import type { Engine } from '../execution/engine.ts';
import { createLoaders, type Loaders } from './loaders.ts';

/** Who asks. */
export interface Viewer {
  readonly name: string;
  readonly role: string;
  /** Set for the program of a trial, which may do nothing else. */
  readonly trial?: TrialGrant;
}

/** What every resolver gets. */
export interface GraphqlContext {
  readonly viewer: Viewer;
  readonly engine: Engine;
  readonly loaders: Loaders;
}

/** The context of one operation. Its loaders are made when they are first wanted: reports want none. */
export function createGraphqlContext(viewer: Viewer, engine: Engine): GraphqlContext {
  let loaders: Loaders | undefined;
  return {
    viewer,
    engine,
    get loaders() {
      loaders ??= createLoaders(engine);
      return loaders;
    },
  };
}
