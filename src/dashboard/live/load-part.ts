import { Store } from './store.ts';

/** Whether the server is there, as far as the session's connection tells. */
export const isServed = new Store(true);

/** How often a server that has just gone is looked for. */
const lookMs = 1000;

/**
 * Loads a part of the dashboard that comes when it is first opened, once the server is there: for an import that fails,
 * the router would load the whole page anew, and show nothing at all while the server is away.
 */
export async function loadPart<T>(load: () => Promise<T>): Promise<T> {
  await served();
  try {
    return await load();
  } catch (error) {
    // The connection may not have noticed yet. The router's new page must find the server.
    while (!(await answers())) await new Promise((resolve) => setTimeout(resolve, lookMs));
    throw error;
  }
}

/** Where only the live connection is held up, as by a proxy, parts come all the same. */
async function served(): Promise<void> {
  while (!(isServed.get() || (await answers()))) await new Promise((resolve) => setTimeout(resolve, lookMs));
}

/** Whether the server answers to HTTP; a proxy's word for one that is away is no answer. */
export function answers(): Promise<boolean> {
  return fetch('/health', { cache: 'no-store' }).then(
    ({ status }) => status !== 502 && status !== 504,
    () => false,
  );
}
