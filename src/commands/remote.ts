import { loadConfig } from '../config.ts';
import { OperatorError } from '../core/errors.ts';

/** Which server a command talks to; absent: the one that the settings describe, on this machine. */
export interface RemoteOptions {
  readonly url?: string;
  readonly token?: string;
}

/** A server over HTTP, as the commands use it. */
export interface Remote {
  readonly url: string;
  readonly token: string | undefined;
  /** @throws OperatorError with what the server answered, or that it cannot be reached */
  request(path: string, init?: RequestInit): Promise<Response>;
}

export async function openRemote(options: RemoteOptions): Promise<Remote> {
  const config = await loadConfig({ cwd: process.cwd(), env: process.env });
  const url = (
    options.url ?? `http://${config.host === '0.0.0.0' ? '127.0.0.1' : config.host}:${config.port}`
  ).replace(/\/$/, '');
  const token = options.token ?? config.token;
  return {
    url,
    token,
    async request(path, init = {}) {
      const headers = { ...init.headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) };
      const response = await fetch(`${url}${path}`, { ...init, headers }).catch((error) => {
        throw new OperatorError(
          `${url} could not be reached. Start the server, or name another with --url.`,
          {
            cause: error,
          },
        );
      });
      if (response.ok) return response;
      throw new OperatorError(await reasonOf(response));
    },
  };
}

async function reasonOf(response: Response): Promise<string> {
  const text = await response.text();
  try {
    const { errors } = JSON.parse(text) as { errors: { message: string }[] };
    return errors.map((error) => error.message).join('\n');
  } catch {
    return `${response.url} answered ${response.status}: ${text.slice(0, 200)}`;
  }
}
