import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route takes files, which are as long in coming as they are large. */
    readonly takesFiles?: boolean;
    /** Whether the program of a trial may come here with its token. */
    readonly forTrials?: boolean;
  }
}

export interface RequestTimes {
  /** How long a client may take to send a request. */
  readonly wholeMs: number;
  /** How long a file may rest on its way. */
  readonly stalledMs: number;
}

/** Cuts off clients that do not come to an end with sending, so that they hold no memory. */
export function limitRequestTimes(server: FastifyInstance, times: RequestTimes): void {
  server.addHook('onRequest', async ({ raw, routeOptions }) => {
    limitRequestTime(raw, times, routeOptions.config?.takesFiles === true);
  });
}

export function limitRequestTime(
  request: IncomingMessage,
  { wholeMs, stalledMs }: RequestTimes,
  isFile = false,
): void {
  if (request.complete) return;
  const { socket } = request;
  let received = socket.bytesRead;
  const timer = setInterval(
    () => {
      if (!request.complete && !(isFile && socket.bytesRead > received)) socket.destroy();
      received = socket.bytesRead;
    },
    isFile ? stalledMs : wholeMs,
  );
  timer.unref();
  request.once('close', () => clearInterval(timer));
}
