import type { Readable } from 'node:stream';
import type { FastifyPluginAsync } from 'fastify';
import { InputError } from '../core/errors.ts';
import { type TableFormat, tableFormats } from '../execution/archive/archive-format.ts';
import type { StudyArchives } from '../execution/archive/study-archives.ts';
import { globalId, parseGlobalId } from '../graphql/global-id.ts';
import { tooLarge } from './operation-limits.ts';

interface ExportRoute {
  Params: { readonly file: string };
  Querystring: { readonly format?: string };
}

interface ImportRoute {
  Querystring: { readonly name?: string; readonly project?: string };
}

/** `GET /export/<study>.zip?format=csv|ndjson|parquet`, and `POST /import?name=&project=` with such a file. */
export function archiveRoutes(
  archives: StudyArchives,
  limits: { readonly importBytes: number },
): FastifyPluginAsync {
  return async (server) => {
    server.removeAllContentTypeParsers();
    server.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

    server.get<ExportRoute>('/export/:file', async ({ params, query }, reply) => {
      const studyId = parseGlobalId('study', params.file.replace(/\.zip$/, ''), 'study');
      const archive = await archives.export(studyId, formatOf(query.format ?? 'csv'));
      reply.headers({
        'content-type': 'application/zip',
        'content-disposition': `attachment; filename="${globalId('study', studyId)}.zip"`,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      });
      return reply.send(archive);
    });

    server.post<ImportRoute>(
      '/import',
      { config: { takesFiles: true } },
      async ({ headers, query, body, raw }, reply) => {
        const length = Number(headers['content-length'] ?? 0);
        if (length > limits.importBytes) {
          throw tooLarge('importBytes', `The archive has ${length} bytes`, limits.importBytes);
        }
        const content = (body ?? raw) as Readable;
        const study = await archives.import(content, limits.importBytes, query);
        const { name, project, state } = study;
        return reply.code(201).send({ id: globalId('study', study.id), name, project, state });
      },
    );
  };
}

function formatOf(text: string): TableFormat {
  const format = tableFormats.find((name) => name === text);
  if (format === undefined) throw InputError.at('format', `must be one of ${tableFormats.join(', ')}`);
  return format;
}
