import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Where scripts/build-dashboard.mjs puts the pages, seen from src/server and from dist/server alike. */
const directory = fileURLToPath(new URL('../../dist/dashboard/', import.meta.url));

/**
 * Scripts, fonts and data come from this server alone. Components write their styles into the page; pictures of trials
 * are shown from blobs, as an `img` cannot send an access token.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Serves the dashboard at /, whoever asks, and the files that its pages are made of, at /assets/. Its other addresses
 * are answered where nothing else is found.
 */
export async function serveDashboardFiles(server: FastifyInstance): Promise<void> {
  server.get('/', (_request, reply) => sendDashboard(reply));
  if (!existsSync(directory)) return;
  await server.register(fastifyStatic, {
    root: join(directory, 'assets'),
    prefix: '/assets/',
    // One registration of the plugin makes `sendFile` for all.
    decorateReply: !server.hasReplyDecorator('sendFile'),
    index: false,
    preCompressed: true,
    // Their names change with their content.
    immutable: true,
    maxAge: '365d',
  });
}

/** Sends the page that all addresses of the dashboard have in common; its script draws what the address says. */
export function sendDashboard(reply: FastifyReply): FastifyReply {
  if (!existsSync(directory)) {
    return reply.code(503).type('text/plain').send('The dashboard is not built. Run: npm run build\n');
  }
  return reply
    .header('content-security-policy', contentSecurityPolicy)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .sendFile('index.html', directory, { immutable: false, maxAge: 0 });
}
