import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance } from 'fastify';
import type { Viewer } from '../../graphql/context.ts';
import { type Access, bearerToken } from '../access.ts';
import { asksForPage, sendGraphiql } from '../graphiql.ts';
import { tooLarge } from '../operation-limits.ts';
import type { CreateContext, OperationContext, Operations } from '../operations.ts';
import type { EventStreams } from './event-stream.ts';
import { readOperationRequest } from './operation-request.ts';

export interface GraphqlRoutesOptions {
  readonly path: string;
  readonly limits: { readonly batch: number };
  readonly access: Access;
  readonly apollo: ApolloServer<OperationContext>;
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
  const { path, limits, access, apollo, operations, streams, createContext } = options;
  server.decorateRequest('viewer', null);
  server.removeContentTypeParser('text/plain');

  // Before the body is read: strangers must not make the server parse megabytes.
  server.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.url === path && asksForPage(request)) return sendGraphiql(reply);
    access.checkSender(request.headers);
    request.viewer = access.admit(bearerToken(request.headers.authorization));
  });
  server.addHook('preHandler', async ({ body }) => {
    if (!Array.isArray(body) || body.length <= limits.batch) return;
    throw tooLarge('batch', `The request has ${body.length} operations`, limits.batch);
  });

  server.route({
    method: ['GET', 'POST'],
    url: path,
    handler: fastifyApolloHandler(apollo, {
      context: async ({ viewer }) => createContext({ viewer: viewer! }),
    }),
  });
  server.route({
    method: ['GET', 'POST'],
    url: `${path}/stream`,
    async handler(request, reply) {
      const prepared = await operations.prepare(readOperationRequest(request), request.viewer!);
      reply.hijack();
      await streams.send(prepared, reply.raw);
    },
  });
}
