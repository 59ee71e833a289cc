/** Minutes and seconds, such as 1:05. */
export function showClock(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Seconds, such as 12.3 s. */
export function showSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
