/**
 * Puts a text on the clipboard, also from a page that came by plain HTTP, to which browsers give no clipboard.
 * @throws Error where the browser lets no page copy
 */
export async function copyText(text: string): Promise<void> {
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard !== undefined) return clipboard.writeText(text);
  const active = document.activeElement as HTMLElement | null;
  const field = document.createElement('textarea');
  field.value = text;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  // A dialog keeps the focus within.
  (active?.closest('[role="dialog"]') ?? document.body).append(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  active?.focus();
  if (!isCopied)
    throw new Error('The browser lets this page copy nothing. Open it by https, or on localhost.');
}
