import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buildSchema, type GraphQLSchema, graphql } from 'graphql';
import { useServer as serveSubscriptions } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

/** Resolvers of root fields by name; a subscription's gives an async iterable of `{ [field]: value }`. */
export type Root = Readonly<Record<string, (args: never) => unknown>>;

/** What happens to one HTTP request: it is served, cut off before or after it was executed, or answered otherwise. */
export type Fate = 'serve' | 'lose' | 'lose answer' | { readonly status: number; readonly body: string };

/** A small GraphQL server with the project's schema and resolvers of the test's own, on real sockets that can be cut. */
export class Peer {
  readonly #schema: GraphQLSchema;
  readonly #root: Root;
  #server: Server | null = null;
  #webSockets: WebSocketServer | null = null;
  #port = 0;
  readonly #sockets = new Set<Socket>();
  /** The name of every operation that came in over HTTP. */
  readonly operations: string[] = [];
  /** What happens to the next requests, in order; then all are served. */
  readonly fates: Fate[] = [];
  /** Called with each request's headers. */
  onRequest: (request: IncomingMessage) => void = () => {};
  /** Decides on a WebSocket's connection parameters. */
  onConnect: (params: Record<string, unknown> | undefined) => boolean = () => true;
  /** WebSocket connections and subscriptions so far. */
  connections = 0;
  subscriptions = 0;

  private constructor(schema: GraphQLSchema, root: Root) {
    this.#schema = schema;
    this.#root = root;
  }

  static async start(root: Root): Promise<Peer> {
    const text = await readFile(new URL('../../schema.graphql', import.meta.url), 'utf8');
    const peer = new Peer(buildSchema(text), root);
    await peer.up();
    return peer;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get openWebSockets(): number {
    return this.#webSockets?.clients.size ?? 0;
  }

  /** Listens (again), always on the same port. */
  async up(): Promise<void> {
    const server = createServer((request, response) => this.#serve(request, response));
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    this.#webSockets = new WebSocketServer({ server, path: '/graphql' });
    serveSubscriptions(
      {
        schema: this.#schema,
        roots: { subscription: this.#root },
        onConnect: ({ connectionParams }) => {
          this.connections += 1;
          return this.onConnect(connectionParams);
        },
        onSubscribe: () => {
          this.subscriptions += 1;
        },
      },
      this.#webSockets,
    );
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Cuts every connection and stops listening. */
  async down(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    const closed = new Promise((resolve) => (server === null ? resolve(null) : server.close(resolve)));
    this.cut();
    await closed;
  }

  /** Cuts every connection, without a word. */
  cut(): void {
    for (const socket of this.#webSockets?.clients ?? []) socket.terminate();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Leaves every connection open but neither reads nor writes any more, as when a cable is pulled. */
  freeze(): void {
    for (const socket of this.#sockets) {
      socket.pause();
      socket.removeAllListeners('data');
      socket.write = () => true;
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.onRequest(request);
    const fate = this.fates.shift() ?? 'serve';
    if (fate === 'lose') return void request.socket.destroy();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { query, variables } = JSON.parse(Buffer.concat(chunks).toString());
    this.operations.push(/(?:query|mutation) (\w+)/.exec(query)?.[1] ?? '');
    if (typeof fate === 'object') return void response.writeHead(fate.status).end(fate.body);
    const result = await graphql({
      schema: this.#schema,
      source: query,
      variableValues: variables,
      rootValue: this.#root,
    });
    if (fate === 'lose answer') return void request.socket.destroy();
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
  }
}
