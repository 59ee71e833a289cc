import { ActionIcon, Menu } from '@mantine/core';
import {
  IconAdjustmentsHorizontal,
  IconCopy,
  IconDotsVertical,
  IconDownload,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconTrash,
} from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { loadPart } from '../../live/load-part.ts';
import { useAction } from '../../live/use-action.ts';
import { CloneStudyDialog } from './clone-study-dialog.tsx';
import { DeleteStudyDialog } from './delete-study-dialog.tsx';
import { type ActedStudy, studyChanges } from './study-changes.ts';

const StudySettingsDialog = lazy(() => loadPart(() => import('./study-settings-dialog.tsx')));

const icon = { size: 15, stroke: 1.6 };

/** What can be done with a study, behind three dots. */
export function StudyMenu({ study, onDeleted }: { readonly study: ActedStudy; onDeleted?: () => void }) {
  const [start] = useAction(studyChanges.start);
  const [pause] = useAction(studyChanges.pause);
  const [stop] = useAction(studyChanges.stop);
  const [dialog, setDialog] = useState<'settings' | 'clone' | 'delete' | null>(null);
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
          {(state === 'CREATED' || state === 'PAUSED') && (
            <Menu.Item leftSection={<IconPlayerPlay {...icon} />} onClick={() => start(id)}>
              {state === 'CREATED' ? 'Start' : 'Resume'}
            </Menu.Item>
          )}
          {state === 'FINISHED' && (
            <Menu.Item leftSection={<IconPlayerPlay {...icon} />} onClick={() => setDialog('settings')}>
              Continue…
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
          {state !== 'FINISHED' && (
            <Menu.Item
              leftSection={<IconAdjustmentsHorizontal {...icon} />}
              onClick={() => setDialog('settings')}
            >
              Settings…
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
          <Menu.Item
            color="var(--danger)"
            leftSection={<IconTrash {...icon} />}
            onClick={() => setDialog('delete')}
          >
            Delete…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog === 'settings' && (
        <Suspense>
          <StudySettingsDialog study={study} onClose={close} />
        </Suspense>
      )}
      {dialog === 'clone' && <CloneStudyDialog study={study} onClose={close} />}
      {dialog === 'delete' && <DeleteStudyDialog study={study} onClose={close} onDeleted={onDeleted} />}
    </>
  );
}
