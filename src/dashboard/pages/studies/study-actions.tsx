import { ActionIcon, Menu } from '@mantine/core';
import {
  IconCopy,
  IconDotsVertical,
  IconDownload,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconTrash,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { Client, StudyState } from '../../../client/index.ts';
import { useAction } from '../../live/use-action.ts';
import { pauseStudy, startStudy, stopStudy } from '../../operations/studies.ts';
import { CloneStudyDialog } from './clone-study-dialog.tsx';
import { DeleteStudyDialog } from './delete-study-dialog.tsx';

export interface ActedStudy {
  readonly id: string;
  readonly name: string;
  readonly state: StudyState;
  readonly trialCounts: { readonly total: number };
}

const icon = { size: 15, stroke: 1.6 };

export const changes = {
  start: (client: Client, id: string) => client.mutate(startStudy, { id }),
  pause: (client: Client, id: string) => client.mutate(pauseStudy, { id }),
  stop: (client: Client, id: string) => client.mutate(stopStudy, { id }),
};

/** What can be done with a study, behind three dots. */
export function StudyMenu({ study, onDeleted }: { readonly study: ActedStudy; onDeleted?: () => void }) {
  const [start] = useAction(changes.start);
  const [pause] = useAction(changes.pause);
  const [stop] = useAction(changes.stop);
  const [dialog, setDialog] = useState<'clone' | 'delete' | null>(null);
  const close = () => setDialog(null);
  const { id, state } = study;
  return (
    <>
      <Menu position="bottom-end" width={190} shadow="md">
        <Menu.Target>
          <ActionIcon aria-label={`Actions on ${study.name}`}>
            <IconDotsVertical {...icon} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {state !== 'RUNNING' && (
            <Menu.Item leftSection={<IconPlayerPlay {...icon} />} onClick={() => start(id)}>
              {state === 'CREATED' ? 'Start' : 'Resume'}
            </Menu.Item>
          )}
          {state === 'RUNNING' && (
            <Menu.Item leftSection={<IconPlayerPause {...icon} />} onClick={() => pause(id)}>
              Pause
            </Menu.Item>
          )}
          {(state === 'RUNNING' || state === 'PAUSED') && (
            <Menu.Item leftSection={<IconPlayerStop {...icon} />} onClick={() => stop(id)}>
              Stop
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconCopy {...icon} />} onClick={() => setDialog('clone')}>
            Clone…
          </Menu.Item>
          <Menu.Item
            leftSection={<IconDownload {...icon} />}
            component="a"
            href={`/export/${id}.zip`}
            download
          >
            Export
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item color="red" leftSection={<IconTrash {...icon} />} onClick={() => setDialog('delete')}>
            Delete…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog === 'clone' && <CloneStudyDialog study={study} onClose={close} />}
      {dialog === 'delete' && <DeleteStudyDialog study={study} onClose={close} onDeleted={onDeleted} />}
    </>
  );
}
