import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Watches for connections over which nothing was asked yet. Browsers open such ones ahead, and Node's
 * `closeIdleConnections` leaves them, so that a server would wait for them when it closes.
 * @returns a function that cuts them off
 */
export function watchUnusedConnections(server: Server): () => void {
  const unused = new Set<Socket>();
  server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  const use = ({ socket }: IncomingMessage) => unused.delete(socket);
  server.on('request', use);
  server.on('upgrade', use);
  return () => {
    for (const socket of unused) socket.destroy();
  };
}
