import type { FastifyRequest } from 'fastify';

/** Whether it is a browser that asks for a page. */
export function asksForPage(request: FastifyRequest): boolean {
  return request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
}
