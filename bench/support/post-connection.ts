import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const headEnd = Buffer.from('\r\n\r\n');

/**
 * One HTTP connection that posts JSON to /graphql, a request at a time. Node's own client would take as much of the two
 * cores as the server that is measured.
 */
export class PostConnection {
  readonly #socket: Socket;
  readonly #head: string;
  #received: Buffer = Buffer.alloc(0);
  #waiting: { resolve(body: string): void; reject(error: Error): void } | null = null;

  private constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#head = `POST /graphql HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: `;
    socket.setNoDelay(true);
    socket.on('data', (data) => this.#take(data));
    socket.on('close', () => this.#waiting?.reject(new Error('The server closed the connection')));
  }

  static async open(serverUrl: string): Promise<PostConnection> {
    const { hostname, port, host } = new URL(serverUrl);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new PostConnection(socket, host);
  }

  /** @returns the body of the answer */
  post(body: Buffer): Promise<string> {
    this.#socket.cork();
    this.#socket.write(`${this.#head}${body.length}\r\n\r\n`);
    this.#socket.write(body);
    this.#socket.uncork();
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(data: Buffer): void {
    this.#received = this.#received.length === 0 ? data : Buffer.concat([this.#received, data]);
    const end = this.#received.indexOf(headEnd);
    if (end < 0) return;
    const length = /content-length: (\d+)/i.exec(this.#received.toString('latin1', 0, end))?.[1];
    const bodyEnd = end + headEnd.length + Number(length);
    if (length === undefined || this.#received.length < bodyEnd) return;
    const body = this.#received.toString('utf8', end + headEnd.length, bodyEnd);
    this.#received = this.#received.subarray(bodyEnd);
    this.#waiting?.resolve(body);
    this.#waiting = null;
  }
}
