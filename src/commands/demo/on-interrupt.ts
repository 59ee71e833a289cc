/** Aborted at the first SIGINT or SIGTERM, so that the work can end in good order; a second one exits at once. */
export function onInterrupt(): AbortSignal {
  const interruption = new AbortController();
  const interrupt = (): void => {
    if (interruption.signal.aborted) process.exit(130);
    interruption.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return interruption.signal;
}
