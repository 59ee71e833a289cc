import type { NumberRule } from './number-text.ts';

/** An option of a sampler, a pruner or a trainable, as the form asks for it. */
export interface Option extends NumberRule {
  readonly name: string;
  readonly label: string;
  readonly kind: 'number' | 'flag' | 'text' | 'choice' | 'metric' | 'direction' | 'steps' | 'pruner';
  /** Of a `choice`. */
  readonly choices?: readonly string[];
  /** What the server takes where it is empty; absent: it is needed, or there is none. */
  readonly usual?: string;
  readonly help?: string;
}

/** A kind of sampler or pruner, or a trainable. */
export interface OptionKind {
  readonly name: string;
  /** What it does, in a few words. */
  readonly hint: string;
  readonly options: readonly Option[];
}
