import { useState } from 'react';
import type { Client, UpdateTrialInput } from '../../../client/index.ts';
import { useAction } from '../../live/use-action.ts';
import { useLiveQuery } from '../../live/use-live-query.ts';
import { annotateTrial, trialTags } from '../../operations/trial.ts';
import { TagField } from '../../parts/tag-field.tsx';
import { TextPanel } from '../../parts/text-panel.tsx';
import type { ShownTrial } from './use-trial.ts';

const maxLength = 20_000;

const annotate = (client: Client, id: string, input: UpdateTrialInput) =>
  client.mutate(annotateTrial, { id, input });

/** What people say about a trial: notes and tags. */
export function TrialNotes({ trial }: { readonly trial: ShownTrial }) {
  const [run, isSaving] = useAction(annotate);
  const [isTagging, setIsTagging] = useState(false);
  const { data } = useLiveQuery(trialTags, { study: trial.study.id }, { enabled: isTagging });
  const save = async (input: UpdateTrialInput) => (await run(trial.id, input)) !== undefined;
  return (
    <TextPanel
      title="Notes"
      text={trial.notes}
      nothing="Nothing is written about this trial yet."
      maxLength={maxLength}
      isSaving={isSaving}
      onSave={(notes) => save({ notes })}
    >
      <TagField
        tags={trial.tags}
        known={data?.study?.trialTags ?? []}
        onFocus={() => setIsTagging(true)}
        onSave={(tags) => save({ tags })}
      />
    </TextPanel>
  );
}
