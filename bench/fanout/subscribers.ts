// The subscribers of the fan-out benchmark, in a process of their own: one WebSocket each.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import WebSocket from 'ws';

/** What the process is told to do first; after that, 'start' and 'stop' set off what is measured. */
export interface SubscribersOrder {
  readonly url: string;
  readonly count: number;
  /** A GraphQL subscription; null: the server sends frames unasked. */
  readonly query: string | null;
}

export interface SubscribersReport {
  readonly deliveries: number;
  /** From the moment that each frame names to its arrival. */
  readonly latenciesMs: readonly number[];
  /** One that a subscriber got. */
  readonly frame: string;
}

const connectingAtOnce = 50;
/** One delivery of so many is timed, so that reading the clock and the frame costs little beside receiving it. */
const timedShare = 20;

let isMeasuring = false;
let deliveries = 0;
let frame = '';
const latenciesMs: number[] = [];

function receive(data: WebSocket.RawData): void {
  if (!isMeasuring) return;
  if (deliveries++ % timedShare > 0) return;
  frame = String(data);
  const sentAt = sendingTime(frame);
  if (sentAt !== null) latenciesMs.push(Date.now() - sentAt);
}

/** The newest time in it: of an event, or of a metric point. */
function sendingTime(text: string): number | null {
  const times = /"times":\[[^\]]*?([\d.]+)\]/.exec(text)?.[1];
  if (times !== undefined) return Number(times);
  const at = /"at":"([^"]+)"/.exec(text)?.[1];
  return at === undefined ? null : Date.parse(at);
}

async function connect({ url, query }: SubscribersOrder): Promise<void> {
  const protocols = query === null ? [] : ['graphql-transport-ws'];
  const socket = new WebSocket(url, protocols, { perMessageDeflate: false });
  await once(socket, 'open');
  if (query !== null) {
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    // Clients choose ids of their own, so no two frames are the same.
    socket.send(JSON.stringify({ id: randomUUID(), type: 'subscribe', payload: { query } }));
    // What is now, before anything happens.
    await once(socket, 'message');
  }
  socket.on('message', receive);
}

process.once('message', async (order: SubscribersOrder) => {
  for (let connected = 0; connected < order.count; connected += connectingAtOnce) {
    const next = Math.min(connectingAtOnce, order.count - connected);
    await Promise.all(Array.from({ length: next }, () => connect(order)));
  }
  process.on('message', (command: 'start' | 'stop') => {
    isMeasuring = command === 'start';
    if (isMeasuring) return;
    process.send!({ deliveries, latenciesMs, frame } satisfies SubscribersReport, () => process.exit());
  });
  process.send!('ready');
});
