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

/** The results of one operation as messages of graphql-transport-ws. */
class ResultOutlet implements Outlet {
  readonly #outbox: Outbox;
  readonly #head: Buffer;

  constructor(outbox: Outbox, id: string) {
    this.#outbox = outbox;
    this.#head = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
  }

  get isReady(): boolean {
    return this.#outbox.isReady;
  }

  untilReady(): Promise<void> {
    return this.#outbox.untilReady();
  }

  send(json: Buffer): void {
    this.#outbox.sendResult(this.#head, json);
  }
}

/** What goes out over one WebSocket. */
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

  /** For the results of one operation. */
  outletFor(id: string): Outlet {
    return new ResultOutlet(this, id);
  }

  /** Sends a result after its head; a long one is not copied, and stays shared with whoever else holds it. */
  sendResult(head: Buffer, json: Buffer): void {
    const socket = this.#socket;
    if (json.length > maxCopiedBytes) {
      socket.send(head, firstPart);
      socket.send(json, middlePart);
      socket.send(tail, lastPart, this.#onWritten);
      return;
    }
    const text = Buffer.allocUnsafe(head.length + json.length + tail.length);
    text.set(head);
    text.set(json, head.length);
    text.set(tail, head.length + json.length);
    socket.send(text, message, this.#onWritten);
  }

  get isReady(): boolean {
    const socket = this.#socket;
    return socket.bufferedAmount === 0 || socket.readyState !== WebSocket.OPEN;
  }

  untilReady(): Promise<void> {
    return new Promise((resolve) => {
      if (this.isReady) resolve();
      else this.#waiting.push(resolve);
    });
  }

  readonly #onWritten = (): void => {
    const socket = this.#socket;
    if (socket.isPaused && socket.bufferedAmount < maxUnsentBytes) socket.resume();
    if (this.#waiting.length > 0 && this.isReady) this.#release();
  };

  #release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
