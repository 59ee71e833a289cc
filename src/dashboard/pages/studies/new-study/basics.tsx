import { Select, TagsInput, Textarea, TextInput } from '@mantine/core';
import type { Trainable } from '../../../../client/index.ts';
import { type DraftPartProps, withTrainable } from './draft.ts';
import { useFault } from './faults.ts';
import { withField } from './json-fields.ts';
import { Fields, Section } from './section.tsx';
import { usualDataset } from './trainable-options.ts';
import { TrainableSettings } from './trainable-settings.tsx';

export interface BasicsProps extends DraftPartProps {
  readonly trainables: readonly Trainable[];
  readonly datasets: readonly string[];
  /** Tags of other studies. */
  readonly tags: readonly string[];
}

const elsewhere = '';

/** What the study is called, and what its trials run. */
export function Basics({ draft, onChange, trainables, datasets, tags }: BasicsProps) {
  const chosen = trainables.find(({ name }) => name === draft.trainable);
  const { dataset } = draft.trainableOptions;
  const takesDataset =
    chosen?.optionsSchema === null || usualDataset(chosen?.optionsSchema ?? null) !== undefined;
  return (
    <>
      <Section title="Study">
        <Fields>
          <TextInput
            label="Name"
            required
            data-autofocus
            error={useFault('name')}
            value={draft.name}
            onChange={(event) => onChange({ name: event.currentTarget.value })}
          />
          <TextInput
            label="Project"
            placeholder="default"
            error={useFault('project')}
            value={draft.project}
            onChange={(event) => onChange({ project: event.currentTarget.value })}
          />
          <TagsInput
            label="Tags"
            placeholder={draft.tags.length === 0 ? 'Enter adds one' : ''}
            data={[...tags]}
            error={useFault('tags')}
            value={[...draft.tags]}
            onChange={(chosen) => onChange({ tags: chosen })}
          />
        </Fields>
        <Textarea
          mt="xs"
          label="Description"
          autosize
          minRows={1}
          maxRows={6}
          error={useFault('description')}
          value={draft.description}
          onChange={(event) => onChange({ description: event.currentTarget.value })}
        />
      </Section>
      <Section
        title="What its trials run"
        hint={chosen?.description ?? 'Workers ask for trials and tell their results.'}
      >
        <Fields>
          <Select
            label="Trainable"
            searchable
            allowDeselect={false}
            data={[
              ...trainables.map(({ name }) => ({ value: name, label: name })),
              { value: elsewhere, label: 'run elsewhere' },
            ]}
            error={useFault('trainable')}
            value={draft.trainable ?? elsewhere}
            onChange={(name) => {
              const trainable = trainables.find((other) => other.name === name);
              onChange(trainable ? withTrainable(draft, trainable) : { trainable: null });
            }}
          />
          {chosen && takesDataset && (
            <Select
              label="Dataset"
              placeholder={usualDataset(chosen.optionsSchema) || 'the trainable’s own'}
              clearable
              searchable
              data={[...datasets]}
              value={typeof dataset === 'string' ? dataset : null}
              onChange={(name) =>
                onChange({
                  trainableOptions: withField(draft.trainableOptions, 'dataset', name ?? undefined),
                })
              }
            />
          )}
        </Fields>
      </Section>
      {chosen && <TrainableSettings key={chosen.name} draft={draft} onChange={onChange} trainable={chosen} />}
    </>
  );
}
