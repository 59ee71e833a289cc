import { Button } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { loadPart } from '../../live/load-part.ts';
import { useAction } from '../../live/use-action.ts';
import { type ActedStudy, studyChanges } from './study-changes.ts';

const StudySettingsDialog = lazy(() => loadPart(() => import('./study-settings-dialog.tsx')));

const icon = { size: 14, stroke: 1.8 };

/** Start, pause, stop and going on as buttons, as far as the study's state has them. */
export function StudyButtons({ study }: { readonly study: ActedStudy }) {
  const { id, state } = study;
  const [isContinuing, setIsContinuing] = useState(false);
  const [start, isStarting] = useAction(studyChanges.start);
  const [pause, isPausing] = useAction(studyChanges.pause);
  const [stop, isStopping] = useAction(studyChanges.stop);
  return (
    <>
      {state === 'RUNNING' && (
        <Button
          variant="default"
          leftSection={<IconPlayerPause {...icon} />}
          loading={isPausing}
          onClick={() => pause(id)}
        >
          Pause
        </Button>
      )}
      {(state === 'RUNNING' || state === 'PAUSED') && (
        <Button
          variant="default"
          leftSection={<IconPlayerStop {...icon} />}
          loading={isStopping}
          onClick={() => stop(id)}
        >
          Stop
        </Button>
      )}
      {(state === 'CREATED' || state === 'PAUSED') && (
        <Button leftSection={<IconPlayerPlay {...icon} />} loading={isStarting} onClick={() => start(id)}>
          {state === 'CREATED' ? 'Start' : 'Resume'}
        </Button>
      )}
      {state === 'FINISHED' && (
        <Button
          variant="default"
          leftSection={<IconPlayerPlay {...icon} />}
          onClick={() => setIsContinuing(true)}
        >
          Continue…
        </Button>
      )}
      {isContinuing && (
        <Suspense>
          <StudySettingsDialog study={study} onClose={() => setIsContinuing(false)} />
        </Suspense>
      )}
    </>
  );
}
