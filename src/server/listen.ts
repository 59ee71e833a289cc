import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { OperatorError } from '../core/errors.ts';

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** Whether to take the next free port when the port is taken. */
  readonly portFallback: boolean;
}

const maxPortsTried = 100;

/**
 * Makes the server listen.
 * @throws Error that says what to do when the port is taken or the address is not this machine's
 */
export async function listen(server: FastifyInstance, options: ListenOptions): Promise<AddressInfo> {
  const { host, port, portFallback } = options;
  const lastPort = portFallback && port !== 0 ? Math.min(port + maxPortsTried - 1, 65_535) : port;
  for (let candidate = port; ; candidate++) {
    try {
      await server.listen({ host, port: candidate });
      return server.server.address() as AddressInfo;
    } catch (error) {
      if (codeOf(error) === 'EADDRINUSE' && candidate < lastPort) continue;
      throw new OperatorError(explain(error, options, lastPort), { cause: error });
    }
  }
}

function explain(error: unknown, { host, port }: ListenOptions, lastPort: number): string {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return port === lastPort
        ? `Port ${port} of ${host} is taken. Stop what uses it, or choose another (TRIALGRAPH_PORT; 0 takes any).`
        : `All ports of ${host} from ${port} to ${lastPort} are taken. Choose another (TRIALGRAPH_PORT; 0 takes any).`;
    case 'EACCES':
      return `This user may not listen on port ${port}. Choose one above 1023 (TRIALGRAPH_PORT).`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine. Choose another (TRIALGRAPH_HOST).`;
    default:
      return `Cannot listen on ${host}, port ${port}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** The URL of an address as a browser on this machine would use it. */
export function urlOf({ address, port, family }: AddressInfo): string {
  const isAny = address === '0.0.0.0' || address === '::';
  const host = isAny ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address;
  return `http://${host}:${port}`;
}
