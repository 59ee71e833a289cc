import { Button, Group, Modal, Text, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { type Client, TrialgraphError } from '../../../client/index.ts';
import { useAction } from '../../live/use-action.ts';
import { pauseOneTrial, resumeOneTrial } from '../../operations/trial.ts';
import { isPaused } from './is-paused.ts';
import type { ShownTrial } from './use-trial.ts';

type Paused = 'paused' | 'would lose its work';

/** @param restart whether it may lose its work, where it saves no checkpoints */
async function pause(client: Client, id: string, restart: boolean): Promise<Paused> {
  try {
    await client.mutate(pauseOneTrial, { id, restart });
    return 'paused';
  } catch (error) {
    const wouldLose = !restart && error instanceof TrialgraphError && error.code === 'CONFLICT';
    if (wouldLose && error.details.wouldStartAnew === true) return 'would lose its work';
    throw error;
  }
}

const resume = (client: Client, id: string) => client.mutate(resumeOneTrial, { id });

/** Pauses a trial that waits or runs, and lets a paused one go on. */
export function PauseButton({ trial }: { readonly trial: ShownTrial }) {
  const [runPause, isPausing] = useAction(pause);
  const [runResume, isResuming] = useAction(resume);
  const [isAsking, setIsAsking] = useState(false);
  const { id, number } = trial;

  const goOn = async () => {
    const answer = await runResume(id);
    if (answer?.resumeTrial.study.state !== 'FINISHED') return;
    notifications.show({
      message: `Trial ${number} goes on when its study, which has ended, is started again.`,
    });
  };
  const askOrPause = async () => {
    if ((await runPause(id, false)) === 'would lose its work') setIsAsking(true);
  };

  if (trial.held || isPaused(trial)) {
    return (
      <Tooltip label="Puts it back into the queue, to go on from its checkpoint">
        <Button
          variant="default"
          leftSection={<IconPlayerPlay size={14} />}
          loading={isResuming}
          onClick={() => void goOn()}
        >
          Resume
        </Button>
      </Tooltip>
    );
  }
  return (
    <>
      <Tooltip
        label={
          trial.state === 'RUNNING'
            ? 'Saves a checkpoint and gives its place to others'
            : 'Does not start until it is resumed'
        }
      >
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={14} />}
          loading={isPausing}
          onClick={() => void askOrPause()}
        >
          Pause
        </Button>
      </Tooltip>
      <Modal opened={isAsking} onClose={() => setIsAsking(false)} title={`Pause trial ${number}?`}>
        <Text size="sm">
          It has shown no checkpoint so far. Paused, it loses what it has done, and starts anew when it is
          resumed.
        </Text>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={() => setIsAsking(false)}>
            Let it run
          </Button>
          <Button
            color="red"
            onClick={() => {
              setIsAsking(false);
              void runPause(id, true);
            }}
          >
            Pause it all the same
          </Button>
        </Group>
      </Modal>
    </>
  );
}
