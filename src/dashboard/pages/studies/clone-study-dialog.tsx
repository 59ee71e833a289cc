import { Button, Checkbox, Group, Stack, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useCallback, useState } from 'react';
import type { Client } from '../../../client/index.ts';
import { useAction } from '../../live/use-action.ts';
import { cloneStudy } from '../../operations/studies.ts';
import { LinkButton } from '../../parts/link-button.tsx';
import { AskingDialog } from '../../shell/asking-dialog.tsx';
import type { ActedStudy } from './study-changes.ts';

/** Makes a new study with the settings of another. */
export function CloneStudyDialog({ study, onClose }: { readonly study: ActedStudy; onClose(): void }) {
  const navigate = useNavigate();
  const [name, setName] = useState(`${study.name} copy`);
  const [warmStart, setWarmStart] = useState(study.trialCounts.total > 0);
  const change = useCallback(
    (client: Client) => client.mutate(cloneStudy, { id: study.id, name, warmStart }),
    [study.id, name, warmStart],
  );
  const [clone, isCloning] = useAction(change);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const result = await clone();
    if (result === undefined) return;
    onClose();
    await navigate({ to: '/studies/$id', params: { id: result.cloneStudy.id } });
  };
  return (
    <AskingDialog onClose={onClose} title={`Clone ${study.name}`} size="sm">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="Name"
            required
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Checkbox
            label="Try the best settings of this study first"
            checked={warmStart}
            onChange={(event) => setWarmStart(event.currentTarget.checked)}
          />
        </Stack>
        <Group justify="flex-end" mt="md" gap="xs">
          <LinkButton to="/studies/new" search={{ from: study.id }} variant="subtle" mr="auto">
            Change settings…
          </LinkButton>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isCloning}>
            Clone
          </Button>
        </Group>
      </form>
    </AskingDialog>
  );
}
