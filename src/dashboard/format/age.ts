/** How long ago something was, in one unit: now, 12 s ago, 5 m ago, 3 h ago, 2 d ago, then the date. */
export function formatAge(at: string | Date | null | undefined, now: number): string {
  if (at === null || at === undefined) return '–';
  const time = new Date(at).getTime();
  const seconds = Math.round((now - time) / 1000);
  if (seconds < 5) return 'now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  if (seconds < 14 * 86_400) return `${Math.floor(seconds / 86_400)} d ago`;
  return new Date(time).toLocaleDateString('en', { year: 'numeric', month: 'short', day: 'numeric' });
}

/** A point in time in full, in the viewer's time zone, for titles. */
export function formatTime(at: string | Date): string {
  return new Date(at).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'medium' });
}
