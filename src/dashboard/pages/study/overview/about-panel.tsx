import { useState } from 'react';
import type { Client, StudyData, UpdateStudyInput } from '../../../../client/index.ts';
import { useAction } from '../../../live/use-action.ts';
import { useLiveQuery } from '../../../live/use-live-query.ts';
import { describeStudy, studyTags } from '../../../operations/studies.ts';
import { TagField } from '../../../parts/tag-field.tsx';
import { TextPanel } from '../../../parts/text-panel.tsx';

const maxLength = 20_000;

const describe = (client: Client, id: string, input: UpdateStudyInput) =>
  client.mutate(describeStudy, { id, input });

/** What people say about a study: its description and tags. */
export function AboutPanel({ study }: { readonly study: StudyData }) {
  const [run, isSaving] = useAction(describe);
  const [isTagging, setIsTagging] = useState(false);
  const { data } = useLiveQuery(studyTags, {}, { enabled: isTagging });
  const save = async (input: UpdateStudyInput) => (await run(study.id, input)) !== undefined;
  return (
    <TextPanel
      title="Description"
      text={study.description}
      nothing="What is it for, what came out? Nothing is written yet."
      maxLength={maxLength}
      isSaving={isSaving}
      onSave={(text) => save({ description: text === '' ? null : text })}
    >
      <TagField
        tags={study.tags}
        known={data?.studyTags ?? []}
        onFocus={() => setIsTagging(true)}
        onSave={(tags) => save({ tags })}
      />
    </TextPanel>
  );
}
