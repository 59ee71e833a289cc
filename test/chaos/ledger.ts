import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a process of the chaos test writes down the moment it knows it. */
export type Entry =
  /** A fault that was inflicted. */
  | { readonly kind: 'fault'; readonly fault: string }
  /** An attempt of a trial that a worker got. */
  | { readonly kind: 'asked'; readonly trial: string; readonly attempt: number }
  /** A step that is about to be reported, and one whose report was acknowledged. */
  | {
      readonly kind: 'reporting' | 'reported';
      readonly trial: string;
      readonly attempt: number;
      readonly step: number;
    }
  | { readonly kind: 'logged'; readonly trial: string; readonly attempt: number; readonly line: string }
  | {
      readonly kind: 'uploaded';
      readonly trial: string;
      readonly attempt: number;
      readonly name: string;
      readonly sha256: string;
    }
  /** Checkpoints: stored, and found by a later attempt. */
  | {
      readonly kind: 'saved' | 'restored';
      readonly trial: string;
      readonly attempt: number;
      readonly step: number;
    }
  | { readonly kind: 'told'; readonly trial: string; readonly attempt: number; readonly loss: number }
  /** A worker was told that its attempt is over. */
  | { readonly kind: 'refused'; readonly trial: string; readonly attempt: number };

export type EntryOf<Kind extends Entry['kind']> = Entry & { readonly kind: Kind };

/** Appends entries to a file of its own, each in one write, so that a killed process leaves whole lines. */
export class Ledger {
  readonly #path: string;

  constructor(directory: string, name: string) {
    mkdirSync(directory, { recursive: true });
    this.#path = join(directory, `${name}.jsonl`);
  }

  write(entry: Entry): void {
    appendFileSync(this.#path, `${JSON.stringify(entry)}\n`);
  }
}

/** All entries of all processes; those of one process in their order. */
export function readLedgers(directory: string): Entry[] {
  return readdirSync(directory).flatMap((name) =>
    readFileSync(join(directory, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Entry),
  );
}

export function entriesOf<Kind extends Entry['kind']>(
  entries: readonly Entry[],
  ...kinds: readonly Kind[]
): EntryOf<Kind>[] {
  return entries.filter((entry): entry is EntryOf<Kind> => (kinds as readonly string[]).includes(entry.kind));
}

/** How often each fault was inflicted. */
export function countFaults(entries: readonly Entry[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { fault } of entriesOf(entries, 'fault')) counts.set(fault, (counts.get(fault) ?? 0) + 1);
  return counts;
}
