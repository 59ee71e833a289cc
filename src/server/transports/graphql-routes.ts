import { Readable } from 'node:stream';
import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance } from 'fastify';
import type { Viewer } from '../../graphql/context.ts';
import { type Access, bearerToken } from '../access.ts';
import { asksForPage } from '../asks-for-page.ts';
import { sendGraphiql } from '../graphiql.ts';
import { tooLarge } from '../operation-limits.ts';
import type { CreateContext, OperationContext, Operations } from '../operations.ts';
import type { EventStreams } from './event-stream.ts';
import { readOperationRequest } from './operation-request.ts';
import type { PlainPosts } from './plain-posts.ts';

export interface GraphqlRoutesOptions {
  readonly path: string;
  readonly limits: { readonly batch: number };
  readonly access: Access;
  readonly apollo: ApolloServer<OperationContext>;
  readonly plainPosts: PlainPosts;
  readonly operations: Operations;
  readonly streams: EventStreams;
  readonly createContext: CreateContext;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before a request for GraphQL is read; null for all others. */
    viewer: Viewer | null;
  }
}

/** A Fastify plugin: queries and mutations, event streams, and the GraphiQL page for browsers. */
export async function graphqlRoutes(server: FastifyInstance, options: GraphqlRoutesOptions): Promise<void> {
  const { path, limits, access, apollo, plainPosts, operations, streams, createContext } = options;
  server.decorateRequest('viewer', null);
  server.removeContentTypeParser('text/plain');

  // Before the body is read: strangers must not make the server parse megabytes.
  server.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.url === path && asksForPage(request)) return sendGraphiql(reply);
    access.checkSender(request.headers);
    request.viewer = access.admit(bearerToken(request.headers.authorization));
  });
  server.addHook('preParsing', async ({ raw }, _reply, payload) => {
    const body = plainPosts.bodyOf(raw);
    return body === undefined ? payload : Readable.from([body]);
  });
  server.addHook('preHandler', async ({ body }) => {
    if (!Array.isArray(body) || body.length <= limits.batch) return;
    throw tooLarge('batch', `The request has ${body.length} operations`, limits.batch);
  });

  const answerByApollo = fastifyApolloHandler(apollo, {
    context: async ({ viewer }) => createContext({ viewer: viewer! }),
  });
  server.route({
    method: ['GET', 'POST'],
    url: path,
    async handler(request, reply) {
      reply.header('cache-control', 'no-store');
      return answerByApollo.call(this, request, reply);
    },
  });
  server.route({
    method: ['GET', 'POST'],
    url: `${path}/stream`,
    async handler(request, reply) {
      const prepared = operations.prepare(readOperationRequest(request), request.viewer!);
      reply.hijack();
      await streams.send(prepared, reply.raw);
    },
  });
}
