/**
 * Calls `stop` at the first SIGINT or SIGTERM, or when the parent process that this one has a channel to is gone, and
 * exits when it is done; a second signal exits at once.
 */
export function onStopSignal(stop: (signal: string) => Promise<void>): void {
  let stopping = false;
  const handle = (signal: string): void => {
    if (stopping) process.exit(130);
    stopping = true;
    stop(signal).then(
      () => process.exit(0),
      (error) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  process.on('disconnect', () => handle('disconnect'));
  // It may be gone already; `connected` is undefined where there never was a channel.
  if (process.connected === false) handle('disconnect');
}
