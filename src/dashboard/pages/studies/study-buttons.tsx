import { Button } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useAction } from '../../live/use-action.ts';
import { type ActedStudy, studyChanges } from './study-changes.ts';

const icon = { size: 14, stroke: 1.8 };

/** Start, pause and stop as buttons, as far as the study's state has them. */
export function StudyButtons({ study: { id, state } }: { readonly study: ActedStudy }) {
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
    </>
  );
}
