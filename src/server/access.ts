import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { CallerError } from '../core/errors.ts';
import type { TrialGrant } from '../core/trial-grant.ts';
import type { Viewer } from '../graphql/context.ts';
import { isLoopback } from './loopback.ts';

/** Decides who may use the server: the one place for HTTP, WebSocket and SSE. */
export interface Access {
  /**
   * Who it is that brings this token: the program of a trial, or everybody else.
   * @throws CallerError UNAUTHENTICATED where the server has a token and this is another or none, or that of a trial's
   * attempt that is over.
   */
  admit(token: string | undefined): Viewer;
  /**
   * Refuses what a web page of another site may have sent in the name of somebody who sits at this machine: a server
   * without a token takes everybody on the machine for its user.
   * @throws CallerError FORBIDDEN
   */
  checkSender(headers: IncomingHttpHeaders): void;
}

/** Knows the tokens of trials' programs. */
export interface TrialTokenSource {
  find(token: string): TrialGrant | 'expired' | null;
}

/** @param token the secret that callers must bring; without one, all local callers are admitted */
export function createAccess(token: string | undefined, trialTokens: TrialTokenSource | null = null): Access {
  const others = token === undefined ? localAccess : tokenAccess(token);
  return {
    admit: (brought) => {
      const grant = brought === undefined ? null : (trialTokens?.find(brought) ?? null);
      if (grant === null) return others.admit(brought);
      if (grant !== 'expired') return { name: `trial-${grant.trialId}`, role: 'TRIAL', trial: grant };
      throw new CallerError('UNAUTHENTICATED', 'The attempt that this access token was made for is over.');
    },
    checkSender: (headers) => others.checkSender(headers),
  };
}

/** The token of an `Authorization: Bearer ...` header. */
export function bearerToken(authorization: unknown): string | undefined {
  if (typeof authorization !== 'string') return undefined;
  return /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
}

function tokenAccess(token: string): Access {
  const expected = digest(token);
  return {
    admit(brought) {
      if (brought === undefined) {
        throw new CallerError(
          'UNAUTHENTICATED',
          'This server needs an access token. Send it as "Authorization: Bearer <token>" over HTTP, or as "token" in ' +
            'the connection parameters over WebSocket.',
        );
      }
      // Digests are of one length, so the comparison tells nothing about the token, not even how long it is.
      if (!timingSafeEqual(digest(brought), expected)) {
        throw new CallerError(
          'UNAUTHENTICATED',
          'The access token is not the one that this server was started with.',
        );
      }
      return { name: 'admin', role: 'ADMIN' };
    },
    // Browsers add no token by themselves, so a page that has none can do nothing.
    checkSender() {},
  };
}

const localAccess: Access = {
  admit: () => ({ name: 'local', role: 'ADMIN' }),
  checkSender({ host = '', origin }) {
    // A page of evil.example whose name was made to resolve to 127.0.0.1 still sends "Host: evil.example".
    if (!isLoopback(host.replace(/:\d+$/, ''))) {
      throw new CallerError(
        'FORBIDDEN',
        `This server has no access token and so serves this machine alone, not the host "${host}". ` +
          'Use http://127.0.0.1, or start it with TRIALGRAPH_TOKEN.',
      );
    }
    if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
      throw new CallerError(
        'FORBIDDEN',
        `This server has no access token and so refuses requests of other sites' pages (${origin}). ` +
          'Start it with TRIALGRAPH_TOKEN to use it from there.',
      );
    }
  },
};

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
