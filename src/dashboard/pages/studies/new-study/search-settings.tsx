import { NumberInput, Select } from '@mantine/core';
import type { DraftPartProps } from './basics.tsx';
import { numberOf, withField } from './draft.ts';
import { JsonField } from './json-field.tsx';
import { Fields, Section } from './section.tsx';

const samplers = [
  { value: 'auto', label: 'auto: by the problem' },
  { value: 'tpe', label: 'tpe: learns from results' },
  { value: 'sobol', label: 'sobol: evenly spread' },
  { value: 'random', label: 'random' },
  { value: 'grid', label: 'grid' },
  { value: 'exhaustive', label: 'exhaustive: every setting' },
];
const none = 'none';
const pruners = [
  { value: none, label: 'none' },
  { value: 'median', label: 'median: below the median' },
  { value: 'asha', label: 'asha: successive halving' },
  { value: 'hyperband', label: 'hyperband' },
  { value: 'percentile', label: 'percentile' },
  { value: 'threshold', label: 'threshold' },
  { value: 'wilcoxon', label: 'wilcoxon' },
  { value: 'front', label: 'front: for several objectives' },
];

/** How settings are chosen, and which trials are ended early. */
export function SearchSettings({ draft, onChange }: DraftPartProps) {
  const { sampler, pruner } = draft;
  const { kind: _, ...prunerOptions } = pruner ?? {};
  return (
    <Section title="Search">
      <Fields>
        <Select
          label="Sampler"
          allowDeselect={false}
          data={samplers}
          value={String(sampler.kind)}
          onChange={(kind) =>
            onChange({ sampler: { kind: kind!, ...(sampler.seed !== undefined && { seed: sampler.seed }) } })
          }
        />
        <NumberInput
          label="Seed"
          placeholder="drawn"
          allowDecimal={false}
          hideControls
          value={numberOf(sampler.seed)}
          onChange={(seed) =>
            onChange({ sampler: withField(sampler, 'seed', typeof seed === 'number' ? seed : undefined) })
          }
        />
        <Select
          label="Pruner"
          allowDeselect={false}
          data={pruners}
          value={pruner === null ? none : String(pruner.kind)}
          onChange={(kind) => onChange({ pruner: kind === none ? null : { kind: kind! } })}
        />
        <NumberInput
          label="Trials at a time"
          placeholder="as many as fit"
          min={1}
          allowDecimal={false}
          value={draft.maxConcurrentTrials ?? ''}
          onChange={(count) => onChange({ maxConcurrentTrials: typeof count === 'number' ? count : null })}
        />
      </Fields>
      {pruner !== null && (
        <JsonField
          label="Options of the pruner (JSON)"
          value={prunerOptions}
          onChange={(options) => onChange({ pruner: { kind: pruner.kind!, ...options } })}
        />
      )}
    </Section>
  );
}
