import { Button, Group, Text } from '@mantine/core';
import { useCallback } from 'react';
import type { Client } from '../../../client/index.ts';
import { formatCount } from '../../format/number.ts';
import { useAction } from '../../live/use-action.ts';
import { deleteStudy } from '../../operations/studies.ts';
import { AskingDialog } from '../../shell/asking-dialog.tsx';
import type { ActedStudy } from './study-changes.ts';

export interface DeleteStudyDialogProps {
  readonly study: ActedStudy;
  onClose(): void;
  onDeleted?: (() => void) | undefined;
}

/** Asks before a study is deleted. */
export function DeleteStudyDialog({ study, onClose, onDeleted }: DeleteStudyDialogProps) {
  const change = useCallback((client: Client) => client.mutate(deleteStudy, { id: study.id }), [study.id]);
  const [remove, isRemoving] = useAction(change);
  const { total } = study.trialCounts;
  const confirm = async () => {
    if ((await remove()) === undefined) return;
    onClose();
    onDeleted?.();
  };
  return (
    <AskingDialog onClose={onClose} title={`Delete ${study.name}?`} size="sm">
      <Text size="sm">
        {total === 0
          ? 'It has no trials yet.'
          : `Its ${formatCount(total)} ${total === 1 ? 'trial goes' : 'trials go'} with it, and their metrics, logs and files.`}{' '}
        This cannot be undone.
      </Text>
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="default" onClick={onClose} data-autofocus>
          Keep it
        </Button>
        <Button color="red" onClick={confirm} loading={isRemoving}>
          Delete
        </Button>
      </Group>
    </AskingDialog>
  );
}
