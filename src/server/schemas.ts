import type { FastifyPluginAsync } from 'fastify';
import { searchSpaceSchema } from '../core/search-space/json-schema.ts';

/** `GET /schemas/search-space.json`: the JSON Schema of search spaces, for forms and editors. */
export const schemaRoutes: FastifyPluginAsync = async (server) => {
  const schema = JSON.stringify(searchSpaceSchema());
  server.get('/schemas/search-space.json', async (_request, reply) =>
    reply
      .headers({ 'content-type': 'application/schema+json', 'cache-control': 'max-age=3600' })
      .send(schema),
  );
};
