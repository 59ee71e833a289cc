import { type AddressInfo, createServer, type Socket, connect as tcpConnect } from 'node:net';

/** Passes bytes on to a server, and cuts connections when it is told to. */
export interface Proxy extends AsyncDisposable {
  readonly url: string;
  /** Where new connections lead. */
  target: string;
  /** Whether it refuses WebSockets from now on, as some proxies do. */
  passesNoWebSockets: boolean;
  /** Breaks the connection at a share, 0 to 1, of those that are open. @returns whether there was one */
  cut(share: number): boolean;
}

export async function startProxy(target: string): Promise<Proxy> {
  const connections = new Set<Socket>();
  const server = createServer((near) => {
    const { hostname, port } = new URL(proxy.target);
    const far = tcpConnect(Number(port), hostname);
    connections.add(near);
    for (const socket of [near, far]) {
      socket.on('error', () => {});
      socket.on('close', () => {
        connections.delete(near);
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (bytes) => {
      if (proxy.passesNoWebSockets && /^upgrade: websocket/im.test(bytes.toString('latin1'))) {
        near.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
      } else far.write(bytes);
    });
    near.on('end', () => far.end());
    far.pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: Proxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target,
    passesNoWebSockets: false,
    cut(share) {
      const connection = [...connections][Math.floor(share * connections.size)];
      connection?.destroy();
      return connection !== undefined;
    },
    async [Symbol.asyncDispose]() {
      for (const connection of connections) connection.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}
