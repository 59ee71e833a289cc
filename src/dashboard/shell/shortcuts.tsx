import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef } from 'react';
import { Store, useStore } from '../live/store.ts';

export interface Shortcut {
  /** One key, or two one after the other: "?", "g s". As in KeyboardEvent.key. */
  readonly keys: string;
  /** What it does, for the list behind "?". */
  readonly meaning: string;
  run(): void;
}

/** The first key of two counts for so long. */
const sequenceMs = 900;

const ShortcutContext = createContext<Store<readonly Shortcut[]> | null>(null);

/** Listens to the keyboard for the shortcuts of whatever is on the page. */
export function ShortcutProvider({ children }: { readonly children: ReactNode }) {
  const shortcuts = useMemo(() => new Store<readonly Shortcut[]>([]), []);
  useEffect(() => {
    let first = { key: '', at: 0 };
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || isDialogOpen()) return;
      const isSecond = event.timeStamp - first.at < sequenceMs;
      const keys = isSecond ? [`${first.key} ${event.key}`, event.key] : [event.key];
      const found = keys
        .map((key) => shortcuts.get().findLast((shortcut) => shortcut.keys === key))
        .find((shortcut) => shortcut !== undefined);
      first = { key: event.key, at: event.timeStamp };
      if (found === undefined) return;
      event.preventDefault();
      first.at = 0;
      found.run();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [shortcuts]);
  return <ShortcutContext value={shortcuts}>{children}</ShortcutContext>;
}

/** Makes keys do something while the component is shown. */
export function useShortcut(keys: string, meaning: string, run: () => void): void {
  const shortcuts = useContext(ShortcutContext)!;
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    const shortcut: Shortcut = { keys, meaning, run: () => latest.current() };
    shortcuts.set([...shortcuts.get(), shortcut]);
    return () => shortcuts.set(shortcuts.get().filter((other) => other !== shortcut));
  }, [shortcuts, keys, meaning]);
}

export function useShortcuts(): readonly Shortcut[] {
  return useStore(useContext(ShortcutContext)!);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

function isDialogOpen(): boolean {
  return document.querySelector('[role="dialog"]') !== null;
}
