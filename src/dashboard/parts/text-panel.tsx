import { Button, Group, Textarea } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { Panel } from '../charts/parts/panel.tsx';
import { Markdown } from './markdown.tsx';
import classes from './text-panel.module.css';

export interface TextPanelProps {
  readonly title: string;
  readonly text: string | null;
  /** Said where there is no text. */
  readonly nothing: string;
  readonly maxLength: number;
  readonly isSaving: boolean;
  /** @returns whether it is saved */
  onSave(text: string): Promise<boolean>;
  /** Beneath the text. */
  readonly children?: ReactNode;
}

/** Text in Markdown that is edited in its place. */
export function TextPanel(props: TextPanelProps) {
  const { title, text, nothing, maxLength, isSaving, onSave, children } = props;
  const [draft, setDraft] = useState<string | null>(null);
  const isTooLong = (draft?.length ?? 0) > maxLength;
  const save = async () => {
    if (draft === null || isTooLong) return;
    if (await onSave(draft)) setDraft(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setDraft(null);
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save();
  };
  return (
    <Panel
      title={title}
      controls={
        draft === null && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            aria-label={`Edit ${title.toLowerCase()}`}
            leftSection={<IconPencil size={13} />}
            onClick={() => setDraft(text ?? '')}
          >
            Edit
          </Button>
        )
      }
    >
      <div className={classes.content}>
        {draft !== null ? (
          <>
            <Textarea
              aria-label={`${title}, in Markdown`}
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
              <Button loading={isSaving} disabled={isTooLong} onClick={() => void save()}>
                Save
              </Button>
            </Group>
          </>
        ) : text === null || text === '' ? (
          <span className={classes.nothing}>{nothing}</span>
        ) : (
          <Markdown text={text} />
        )}
        {children}
      </div>
    </Panel>
  );
}
