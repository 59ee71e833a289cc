import { Select } from '@mantine/core';
import { useContext, useEffect, useState } from 'react';
import type { DraftPartProps, StudyDraft } from './draft.ts';
import { Faults, isWithin, useFault } from './faults.ts';
import { NumberField } from './number-field.tsx';
import { OptionFields } from './option-fields.tsx';
import { retryOptions } from './retry-options.ts';
import { ClosableSection, Fields } from './section.tsx';

const asTrainable = 'trainable';
const isolations = [
  { value: asTrainable, label: 'as the trainable says' },
  { value: 'THREAD', label: 'a thread of the server' },
  { value: 'PROCESS', label: 'a process of its own' },
];

const none: readonly string[] = [];
const paths = ['priority', 'trialTimeoutSeconds', 'isolation', 'retries'];

/** How its trials are run: before which others, for how long, and how often again. */
export function RunningSettings({ draft, onChange }: DraftPartProps) {
  const [isOpen, setIsOpen] = useState(() => hasAny(draft));
  const faults = useContext(Faults);
  const isolationFault = useFault('isolation');
  const isFaulty = faults.some(({ path }) => paths.some((outer) => isWithin(path, outer)));
  useEffect(() => {
    if (isFaulty) setIsOpen(true);
  }, [isFaulty]);
  return (
    <ClosableSection
      title="Advanced"
      hint="Priority, timeout, retries and isolation of its trials."
      isOpen={isOpen}
      onOpen={setIsOpen}
    >
      <Fields isWide>
        <NumberField
          label="Priority"
          placeholder="0"
          help="Before studies with a lower one, from -1000 to 1000."
          path="priority"
          integer
          min={-1000}
          max={1000}
          value={draft.priority ?? undefined}
          onChange={(priority) => onChange({ priority: priority ?? null })}
        />
        <NumberField
          label="Timeout per trial, seconds"
          placeholder="none"
          help="An attempt that takes longer has failed."
          path="trialTimeoutSeconds"
          above={0}
          value={draft.trialTimeoutSeconds ?? undefined}
          onChange={(seconds) => onChange({ trialTimeoutSeconds: seconds ?? null })}
        />
        {draft.trainable !== null && (
          <Select
            label="Trials run in"
            error={isolationFault}
            allowDeselect={false}
            data={isolations}
            value={draft.isolation ?? asTrainable}
            onChange={(isolation) =>
              onChange({
                isolation: isolation === asTrainable ? null : (isolation as StudyDraft['isolation']),
              })
            }
          />
        )}
      </Fields>
      <OptionFields
        path="retries"
        kind={retryOptions}
        values={draft.retries}
        metrics={none}
        onChange={(retries) => onChange({ retries })}
      />
    </ClosableSection>
  );
}

function hasAny({ priority, trialTimeoutSeconds, isolation, retries }: StudyDraft): boolean {
  return (
    priority !== null || trialTimeoutSeconds !== null || isolation !== null || Object.keys(retries).length > 0
  );
}
