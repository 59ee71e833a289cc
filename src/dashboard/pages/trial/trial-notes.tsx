import { Button, Group, TagsInput, Textarea } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { type KeyboardEvent, useState } from 'react';
import type { Client } from '../../../client/index.ts';
import { Panel } from '../../charts/parts/panel.tsx';
import { useAction } from '../../live/use-action.ts';
import { annotateTrial } from '../../operations/trial.ts';
import { Markdown } from '../../parts/markdown.tsx';
import classes from './trial-page.module.css';
import type { ShownTrial } from './use-trial.ts';

const maxLength = 20_000;

const annotate = (client: Client, id: string, input: { notes?: string; tags?: readonly string[] }) =>
  client.mutate(annotateTrial, { id, input });

/** What people say about a trial: tags, and notes in Markdown that are edited in their place. */
export function TrialNotes({ trial }: { readonly trial: ShownTrial }) {
  const [draft, setDraft] = useState<string | null>(null);
  const [save, isSaving] = useAction(annotate);
  const isTooLong = (draft?.length ?? 0) > maxLength;
  const saveNotes = async () => {
    if (draft === null || isTooLong) return;
    if ((await save(trial.id, { notes: draft })) !== undefined) setDraft(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setDraft(null);
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void saveNotes();
  };
  return (
    <Panel
      title="Notes"
      controls={
        draft === null && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            leftSection={<IconPencil size={13} />}
            onClick={() => setDraft(trial.notes ?? '')}
          >
            Edit
          </Button>
        )
      }
    >
      <div className={classes.notes}>
        {draft !== null ? (
          <>
            <Textarea
              aria-label="Notes, in Markdown"
              description="Markdown. Ctrl+Enter saves, Escape leaves."
              autosize
              minRows={4}
              maxRows={20}
              value={draft}
              error={isTooLong && `${draft.length} of ${maxLength} characters`}
              onChange={(event) => setDraft(event.currentTarget.value)}
              onKeyDown={onKeyDown}
              autoFocus
            />
            <Group gap="xs" justify="flex-end">
              <Button variant="subtle" color="gray" onClick={() => setDraft(null)}>
                Cancel
              </Button>
              <Button loading={isSaving} disabled={isTooLong} onClick={() => void saveNotes()}>
                Save
              </Button>
            </Group>
          </>
        ) : trial.notes === null ? (
          <span className={classes.dim}>Nothing is written about this trial yet.</span>
        ) : (
          <Markdown text={trial.notes} />
        )}
        <TagsInput
          label="Tags"
          placeholder={trial.tags.length === 0 ? 'Add a tag' : ''}
          value={[...trial.tags]}
          onChange={(tags) => void save(trial.id, { tags })}
        />
      </div>
    </Panel>
  );
}
