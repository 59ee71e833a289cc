import { once } from 'node:events';
import { readFileSync, readlinkSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

// Trainings that run at the same time take turns, so that what else the machine does slows them all alike. A training
// connects to a socket and says who it is in a line; it is then sent how many batches to train, a line a turn.

interface Greeting {
  readonly name: string;
  /** As in /proc, without the slash before it: PROCESS/task/THREAD; null where the system has none. */
  readonly thread: string | null;
}

/** What a training took for its batches of one turn. */
export interface Turn {
  readonly wallMs: number;
  /** What the thread that trains had of a core meanwhile; null where the system does not tell. */
  readonly cpuMs: number | null;
  /** Of the last batch: the same in all that train the same. */
  readonly loss: number;
}

/** Trains in turns until it is told to end. */
export async function takeTurns(
  path: string,
  name: string,
  trainBatch: () => Promise<number>,
): Promise<void> {
  const socket = connect(path);
  await once(socket, 'connect');
  const tell = (message: unknown) => socket.write(`${JSON.stringify(message)}\n`);
  tell({ name, thread: ownThread() } satisfies Greeting);
  for await (const line of createInterface(socket)) {
    const start = performance.now();
    const cpuStart = threadCpuMs();
    let loss = Number.NaN;
    for (let left = Number(line); left > 0; left--) loss = await trainBatch();
    const cpuEnd = threadCpuMs();
    const cpuMs = cpuStart === null || cpuEnd === null ? null : cpuEnd - cpuStart;
    tell({ wallMs: performance.now() - start, cpuMs, loss } satisfies Turn);
  }
  socket.end();
}

/** A training that waits for its turn. */
export class Contestant {
  readonly name: string;
  /** As in /proc: PROCESS/task/THREAD; null where the system has none. */
  readonly thread: string | null;
  readonly #socket: Socket;
  readonly #lines: AsyncIterator<string>;

  constructor({ name, thread }: Greeting, socket: Socket, lines: AsyncIterator<string>) {
    this.name = name;
    this.thread = thread;
    this.#socket = socket;
    this.#lines = lines;
  }

  async train(batches: number): Promise<Turn> {
    this.#socket.write(`${batches}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`The training "${this.name}" ended before its turn did.`);
    return JSON.parse(value) as Turn;
  }

  end(): void {
    this.#socket.end();
  }
}

/** Takes in the trainings that connect. */
export class Contest {
  readonly path: string;
  readonly #server: Server;
  readonly #arrivals = new Map<string, (contestant: Contestant) => void>();

  constructor(path: string) {
    this.path = path;
    this.#server = createServer(async (socket) => {
      const lines = createInterface(socket)[Symbol.asyncIterator]();
      const greeting = JSON.parse((await lines.next()).value as string) as Greeting;
      this.#arrivals.get(greeting.name)!(new Contestant(greeting, socket, lines));
    }).listen(path);
  }

  /** To be called before the training of this name begins. */
  arrival(name: string): Promise<Contestant> {
    return new Promise((resolve) => this.#arrivals.set(name, resolve));
  }

  close(): void {
    this.#server.close();
  }
}

function ownThread(): string | null {
  try {
    return readlinkSync('/proc/thread-self');
  } catch {
    return null;
  }
}

function threadCpuMs(): number | null {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return null;
  }
}
