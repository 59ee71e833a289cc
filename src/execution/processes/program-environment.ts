/** Secrets of the server, which the code of trials does not need. */
const secrets = new Set(['TRIALGRAPH_TOKEN', 'DATABASE_URL']);

/** The environment of the server without its secrets. */
export function programEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !secrets.has(name)));
}
