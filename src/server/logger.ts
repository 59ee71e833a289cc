import pino from 'pino';
import pretty from 'pino-pretty';

export interface LoggerOptions {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly format: 'pretty' | 'json';
}

/** The program's logger. It writes to standard error, so that commands keep standard output for their results. */
export function createLogger({ level, format }: LoggerOptions): pino.Logger {
  const standardError = pino.destination({ dest: 2, sync: true });
  const destination =
    format === 'json'
      ? standardError
      : pretty({
          destination: standardError,
          ignore: 'pid,hostname',
          translateTime: 'SYS:HH:MM:ss',
          singleLine: true,
        });
  return pino(
    { level, redact: ['token', '*.token', 'headers.authorization', '*.headers.authorization'] },
    destination,
  );
}
