import { Button, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconCopyPlus, IconPlayerStop, IconRefresh } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Client, StudyData } from '../../../client/index.ts';
import { useAction } from '../../live/use-action.ts';
import { retryOneTrial, stopOneTrial } from '../../operations/trial.ts';
import { useShortcut } from '../../shell/shortcuts.tsx';
import { CopyTrialDialog } from './copy-trial-dialog.tsx';
import { PauseButton } from './pause-button.tsx';
import type { ShownTrial } from './use-trial.ts';

const stop = (client: Client, id: string) => client.mutate(stopOneTrial, { id });
const retry = (client: Client, id: string) => client.mutate(retryOneTrial, { id });

/** What can be done with a trial. */
export function TrialActions({
  trial,
  study,
}: {
  readonly trial: ShownTrial;
  readonly study: StudyData | null;
}) {
  const navigate = useNavigate();
  const [isCopying, setIsCopying] = useState(false);
  const [runStop, isStopping] = useAction(stop);
  const [runRetry, isRetrying] = useAction(retry);
  const isOpen = trial.state === 'RUNNING' || trial.state === 'QUEUED';
  const again = async () => {
    const answer = await runRetry(trial.id);
    if (answer === undefined) return;
    const { id, number } = answer.retryTrial;
    const waits = study !== null && study.state !== 'RUNNING' ? ' It waits until the study is started.' : '';
    notifications.show({ message: `Trial ${number} repeats trial ${trial.number}.${waits}` });
    await navigate({ to: '/trials/$id', params: { id } });
  };
  useShortcut('e', 'Enqueue a changed copy', () => setIsCopying(true));
  return (
    <>
      {isOpen && <PauseButton trial={trial} />}
      {isOpen ? (
        <Button
          variant="default"
          leftSection={<IconPlayerStop size={14} />}
          loading={isStopping}
          onClick={() => void runStop(trial.id)}
        >
          Stop
        </Button>
      ) : (
        <Tooltip label="Queues a new trial with the same parameters">
          <Button
            variant="default"
            leftSection={<IconRefresh size={14} />}
            loading={isRetrying}
            onClick={() => void again()}
          >
            Retry
          </Button>
        </Tooltip>
      )}
      <Button
        variant="default"
        leftSection={<IconCopyPlus size={14} />}
        disabled={study === null}
        onClick={() => setIsCopying(true)}
      >
        Enqueue a copy
      </Button>
      {study !== null && (
        <CopyTrialDialog study={study} trial={trial} isOpen={isCopying} onClose={() => setIsCopying(false)} />
      )}
    </>
  );
}
