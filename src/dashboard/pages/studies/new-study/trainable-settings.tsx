import { useContext, useEffect, useState } from 'react';
import type { Trainable } from '../../../../client/index.ts';
import type { DraftPartProps } from './draft.ts';
import { Faults, isWithin } from './faults.ts';
import { JsonField } from './json-field.tsx';
import { OptionFields } from './option-fields.tsx';
import { ClosableSection } from './section.tsx';
import { trainableOptions } from './trainable-options.ts';

export interface TrainableSettingsProps extends DraftPartProps {
  readonly trainable: Trainable;
}

const none: readonly string[] = [];

/** The fixed settings of the trainable: a field for each that it names, and all of them as JSON. */
export function TrainableSettings({ draft, onChange, trainable }: TrainableSettingsProps) {
  const { trainableOptions: values } = draft;
  const { name, optionsSchema } = trainable;
  const kind = trainableOptions(name, optionsSchema);
  const [isOpen, setIsOpen] = useState(Object.keys(values).some((option) => option !== 'dataset'));
  const isFaulty = useContext(Faults).some(({ path }) => isWithin(path, 'trainableOptions'));
  useEffect(() => {
    if (isFaulty) setIsOpen(true);
  }, [isFaulty]);
  if (optionsSchema !== null && kind.options.length === 0) return null;
  return (
    <ClosableSection
      title="Options of the trainable"
      hint={kind.options.map((option) => option.name).join(', ')}
      isOpen={isOpen}
      onOpen={setIsOpen}
    >
      <OptionFields
        path="trainableOptions"
        kind={kind}
        values={values}
        metrics={none}
        onChange={(next) => onChange({ trainableOptions: next })}
      />
      <JsonField
        label="All of them (JSON)"
        path="trainableOptions"
        value={values}
        onChange={(next) => onChange({ trainableOptions: next })}
      />
    </ClosableSection>
  );
}
