import { Select } from '@mantine/core';
import { ConcurrencyField } from './concurrency-field.tsx';
import type { DraftPartProps } from './draft.ts';
import { useFaultAt } from './faults.ts';
import { withField } from './json-fields.ts';
import { NumberField } from './number-field.tsx';
import type { OptionKind } from './option.ts';
import { OptionFields } from './option-fields.tsx';
import { prunerKinds } from './pruner-kinds.ts';
import { samplerKinds } from './sampler-kinds.ts';
import { ScalarisationFields } from './scalarisation-fields.tsx';
import { Fields, Section } from './section.tsx';

const none = 'none';

export interface SearchSettingsProps extends DraftPartProps {
  /** Those that the trainable reports. */
  readonly metrics: readonly string[];
}

/** How settings are chosen, and which trials are ended early. */
export function SearchSettings({ draft, onChange, metrics }: SearchSettingsProps) {
  const { sampler, pruner } = draft;
  return (
    <Section title="Search">
      <Fields>
        <Select
          label="Sampler"
          allowDeselect={false}
          data={choicesOf(samplerKinds)}
          error={useFaultAt('sampler', ['kind'])}
          value={String(sampler.kind)}
          onChange={(kind) =>
            onChange({ sampler: { kind: kind!, ...(sampler.seed !== undefined && { seed: sampler.seed }) } })
          }
        />
        <NumberField
          label="Seed"
          placeholder="drawn"
          path="sampler.seed"
          integer
          min={0}
          value={sampler.seed}
          onChange={(seed) => onChange({ sampler: withField(sampler, 'seed', seed) })}
        />
        <Select
          label="Pruner"
          allowDeselect={false}
          data={[{ value: none, label: 'none' }, ...choicesOf(prunerKinds)]}
          error={useFaultAt('pruner', ['kind'])}
          value={pruner === null ? none : String(pruner.kind)}
          onChange={(kind) => onChange({ pruner: kind === none ? null : { kind: kind! } })}
        />
        <ConcurrencyField draft={draft} onChange={onChange} />
      </Fields>
      <OptionFields
        path="sampler"
        kind={samplerKinds.find(({ name }) => name === sampler.kind)}
        values={sampler}
        metrics={metrics}
        onChange={(next) => onChange({ sampler: next })}
      />
      {pruner !== null && (
        <OptionFields
          path="pruner"
          kind={prunerKinds.find(({ name }) => name === pruner.kind)}
          values={pruner}
          metrics={metrics}
          onChange={(next) => onChange({ pruner: next })}
        />
      )}
      {draft.objectives.length > 1 && <ScalarisationFields draft={draft} onChange={onChange} />}
    </Section>
  );
}

function choicesOf(kinds: readonly OptionKind[]) {
  return kinds.map(({ name, hint }) => ({ value: name, label: `${name}: ${hint}` }));
}
