import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Where scripts/build-graphiql.mjs puts the page, seen from src/server and from dist/server alike. */
const directory = fileURLToPath(new URL('../../dist/graphiql/', import.meta.url));

/** Monaco, GraphiQL's editor, writes its styles into the page; scripts come from files of this server alone. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Serves the files of the GraphiQL page at /graphiql/. */
export async function serveGraphiqlFiles(server: FastifyInstance): Promise<void> {
  if (!existsSync(directory)) return;
  await server.register(fastifyStatic, {
    root: directory,
    prefix: '/graphiql/',
    index: false,
    // Their names change with their content.
    immutable: true,
    maxAge: '365d',
  });
}

export function sendGraphiql(reply: FastifyReply): FastifyReply {
  if (!existsSync(directory)) {
    return reply.code(503).type('text/plain').send('GraphiQL is not built. Run: npm run build\n');
  }
  return reply
    .header('content-security-policy', contentSecurityPolicy)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .sendFile('index.html', directory, { immutable: false, maxAge: 0 });
}
