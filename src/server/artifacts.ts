import type { Readable } from 'node:stream';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { InputError } from '../core/errors.ts';
import { forbiddenToTrial } from '../core/trial-grant.ts';
import type { TrialArtifacts } from '../execution/trial-artifacts.ts';
import { artifactPath } from '../graphql/artifact/artifact.ts';
import { parseGlobalId } from '../graphql/global-id.ts';
import type { ArtifactRecord } from '../storage/artifacts/artifact-store.ts';
import { fileTooLarge } from '../storage/artifacts/staging-area.ts';
import { isFreshFor, readRange } from './byte-range.ts';

interface ArtifactRoute {
  Params: { readonly trial: string; readonly '*': string };
  Querystring: { readonly attempt?: string };
}

/**
 * `PUT`, `GET` and `DELETE /artifacts/<trial>/<name>`. An upload may bring `?attempt=`, the fencing token, and
 * `Content-Digest: sha-256=:...:` (RFC 9530), which is checked.
 */
export function artifactRoutes(artifacts: TrialArtifacts): FastifyPluginAsync {
  return async (server) => {
    // The content is passed on as it comes, whatever its type.
    server.removeAllContentTypeParsers();
    server.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    const path = '/artifacts/:trial/*';

    server.put<ArtifactRoute>(
      path,
      { config: { takesFiles: true, forTrials: true } },
      async (request, reply) => {
        const length = Number(request.headers['content-length'] ?? 0);
        if (length > artifacts.maxBytes) throw fileTooLarge(artifacts.maxBytes);
        const { artifact, isNew } = await artifacts.add({
          ...nameOf(request),
          attempt: attemptOf(request),
          contentType: contentTypeOf(request),
          content: (request.body ?? request.raw) as Readable,
          sha256: digestOf(request),
        });
        const { name, size, sha256, contentType, createdAt } = artifact;
        return reply
          .code(isNew ? 201 : 200)
          .header('etag', `"${sha256}"`)
          .send({ name, size, sha256, contentType, createdAt, url: artifactPath(artifact) });
      },
    );

    server.route<ArtifactRoute>({
      method: ['GET', 'HEAD'],
      url: path,
      config: { forTrials: true },
      handler: async (request, reply) => {
        const { trialId, name } = nameOf(request);
        return send(artifacts, await artifacts.get(trialId, name), request, reply);
      },
    });

    server.delete<ArtifactRoute>(path, { config: { forTrials: true } }, async (request, reply) => {
      await artifacts.remove({ ...nameOf(request), attempt: attemptOf(request) });
      return reply.code(204).send();
    });
  };
}

async function send(
  artifacts: TrialArtifacts,
  artifact: ArtifactRecord,
  { method, headers }: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const etag = `"${artifact.sha256}"`;
  reply.headers({
    etag,
    'last-modified': artifact.createdAt.toUTCString(),
    // A name may get another content.
    'cache-control': 'private, no-cache',
    'accept-ranges': 'bytes',
    ...contentHeaders(artifact),
  });
  if (isFreshFor(headers['if-none-match'], etag)) return reply.code(304).send();
  const range = method === 'GET' ? readRange(headers, artifact.size, etag) : 'whole';
  if (range === 'unsatisfiable') {
    return reply.code(416).header('content-range', `bytes */${artifact.size}`).send();
  }
  if (range !== 'whole') {
    reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${artifact.size}`);
  }
  const length = range === 'whole' ? artifact.size : range.end - range.start + 1;
  reply.header('content-length', length);
  if (method === 'HEAD') return reply.send();
  return reply.send(await artifacts.open(artifact, range === 'whole' ? undefined : range));
}

/** What browsers may show in place: types that run no script, whatever is in the file. */
const shownTypes =
  /^(image\/(png|jpeg|gif|webp|avif|bmp)|audio\/|video\/|text\/(plain|csv)|application\/json)/;

/** Whoever can upload must not be able to run scripts in the name of this server. */
function contentHeaders({ name, contentType }: ArtifactRecord): Record<string, string> {
  const file = name.slice(name.lastIndexOf('/') + 1);
  const disposition = shownTypes.test(contentType) ? 'inline' : 'attachment';
  return {
    'content-type': contentType,
    'content-disposition': `${disposition}; filename*=UTF-8''${encodeRfc8187(file)}`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'same-origin',
  };
}

function encodeRfc8187(text: string): string {
  return encodeURIComponent(text).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}

/** @throws CallerError FORBIDDEN for the program of another trial */
function nameOf({ params, viewer }: FastifyRequest<ArtifactRoute>): { trialId: number; name: string } {
  const trialId = parseGlobalId('trial', params.trial, 'trial');
  const grant = viewer?.trial;
  if (grant !== undefined && grant.trialId !== trialId) throw forbiddenToTrial(grant);
  return { trialId, name: params['*'] };
}

/** @throws CallerError FORBIDDEN for the program of another attempt */
function attemptOf({ query: { attempt }, viewer }: FastifyRequest<ArtifactRoute>): number | null {
  const grant = viewer?.trial;
  if (attempt === undefined) return grant?.attempt ?? null;
  if (!/^\d{1,9}$/.test(attempt))
    throw InputError.at('attempt', 'must be the number of an attempt of the trial');
  if (grant !== undefined && Number(attempt) !== grant.attempt) throw forbiddenToTrial(grant);
  return Number(attempt);
}

function contentTypeOf({ headers }: FastifyRequest<ArtifactRoute>): string {
  const type = headers['content-type'] ?? 'application/octet-stream';
  if (/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+( *;.*)?$/.test(type) && type.length <= 200) return type;
  throw InputError.at('content-type', 'must be a media type such as image/png, of at most 200 characters');
}

function digestOf({ headers }: FastifyRequest<ArtifactRoute>): string | null {
  const header = headers['content-digest'];
  if (header === undefined) return null;
  const digest = /(?:^|,) *sha-256=:([A-Za-z0-9+/]{43}=):/.exec(String(header))?.[1];
  if (digest === undefined) {
    throw InputError.at('content-digest', 'must hold sha-256=:<digest in base64>:, as RFC 9530 says');
  }
  return Buffer.from(digest, 'base64').toString('hex');
}
