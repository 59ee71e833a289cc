/** How long a trial has run in its last attempt, until `now` where it still does; null before it starts, or without that. */
export function durationMs(
  { startedAt, finishedAt }: { readonly startedAt: string | null; readonly finishedAt: string | null },
  now?: number,
): number | null {
  if (startedAt === null) return null;
  const end = finishedAt === null ? now : Date.parse(finishedAt);
  return end === undefined ? null : Math.max(0, end - Date.parse(startedAt));
}
