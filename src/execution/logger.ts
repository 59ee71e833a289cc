type Write = (fields: Record<string, unknown>, message: string) => void;

/** What the execution needs of a logger; pino's fits. */
export interface Logger {
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}
