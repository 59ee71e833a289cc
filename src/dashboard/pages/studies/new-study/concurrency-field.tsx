import type { DraftPartProps } from './draft.ts';
import { NumberField } from './number-field.tsx';

/** How many trials of the study may run at once. */
export function ConcurrencyField({ draft, onChange }: DraftPartProps) {
  return (
    <NumberField
      label="Trials at a time"
      placeholder="as many as fit"
      path="maxConcurrentTrials"
      integer
      min={1}
      value={draft.maxConcurrentTrials ?? undefined}
      onChange={(count) => onChange({ maxConcurrentTrials: count ?? null })}
    />
  );
}
