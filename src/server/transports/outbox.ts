import { WebSocket } from 'ws';
import type { Outlet } from '../../events/delivery.ts';

/** The unsent bytes above which nothing more is read from a client. */
const maxUnsentBytes = 2 ** 20;
/** Up to this length copying a result costs less than sending it in parts. */
const maxCopiedBytes = 2 ** 14;

const message = { binary: false };
const firstPart = { binary: false, fin: false };
const middlePart = firstPart;
const lastPart = message;
const tail = Buffer.from('}');

/** What goes out over one WebSocket of graphql-transport-ws. */
export class Outbox {
  readonly #socket: WebSocket;
  #waiting: (() => void)[] = [];

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.once('close', () => this.#release());
  }

  /** Resolves when the operating system took the message. A client that goes on asking is not listened to until it reads. */
  send(text: string): Promise<void> {
    return new Promise((resolve) => {
      // A failure is left to the close event, which ends what has to be ended.
      this.#socket.send(text, () => {
        this.#onWritten();
        resolve();
      });
      if (this.#socket.bufferedAmount >= maxUnsentBytes) this.#socket.pause();
    });
  }

  /** For the results of one operation. Those that a client has not read are not copied for it where they are long. */
  outletFor(id: string): Outlet {
    const socket = this.#socket;
    const head = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
    const isReady = (): boolean => this.#isReady;
    return {
      get isReady() {
        return isReady();
      },
      untilReady: () => this.#untilReady(),
      send: (json) => {
        if (json.length > maxCopiedBytes) {
          socket.send(head, firstPart);
          socket.send(json, middlePart);
          socket.send(tail, lastPart, this.#onWritten);
        } else {
          const length = head.length + json.length + tail.length;
          socket.send(Buffer.concat([head, json, tail], length), message, this.#onWritten);
        }
      },
    };
  }

  get #isReady(): boolean {
    const socket = this.#socket;
    return socket.bufferedAmount === 0 || socket.readyState !== WebSocket.OPEN;
  }

  #untilReady(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isReady) resolve();
      else this.#waiting.push(resolve);
    });
  }

  readonly #onWritten = (): void => {
    const socket = this.#socket;
    if (socket.isPaused && socket.bufferedAmount < maxUnsentBytes) socket.resume();
    if (this.#waiting.length > 0 && this.#isReady) this.#release();
  };

  #release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
