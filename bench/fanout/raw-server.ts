// The reference of the fan-out benchmark: a bare WebSocket server that sends one frame to everybody at a pace.
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

export interface RawServerOrder {
  readonly frame: string;
  readonly rateHz: number;
}

process.once('message', ({ frame, rateHz }: RawServerOrder) => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false }, () => {
    process.send!(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  setInterval(() => {
    for (const socket of server.clients) socket.send(frame);
  }, 1000 / rateHz);
});
