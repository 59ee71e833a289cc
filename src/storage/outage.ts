import { CallerError } from '../core/errors.ts';

/** Of PostgreSQL: it shuts down, starts, or takes no more connections; class 08 is a broken connection. */
const outageStates = /^(57P0[123]|53300|08...)$/;

/** pg and Prisma tell of a broken or refused connection in words alone, or in words around the code. */
const outageWords =
  /Connection terminated|connection error and is not queryable|Can't reach database server|Server has closed the connection|Code: `(57P0[123]|53300|08...)`|^(write|read|connect) E(PIPE|CONNRE(SET|FUSED)|NOENT)|\n(write|read|connect) E(PIPE|CONNRE(SET|FUSED)|NOENT)/;

/**
 * Whether the database is away for a moment, so that the same may succeed a little later. A change that failed so may
 * have been made: the connection may have broken after its commit.
 */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof CallerError) return false;
  const { code } = error as { code?: unknown };
  return (typeof code === 'string' && outageStates.test(code)) || outageWords.test(error.message);
}

/** What a client is told of an outage. */
export function unavailable(): CallerError {
  return new CallerError(
    'UNAVAILABLE',
    "The server's database is away, and should be back in a moment. Send this again; what it changes may have been changed already.",
    { retryAfterMs: 1000 },
  );
}
