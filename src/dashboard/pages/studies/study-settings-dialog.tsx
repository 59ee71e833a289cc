import { Alert, Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { StudyData, UpdateStudyInput } from '../../../client/index.ts';
import { useSession } from '../../live/session-context.ts';
import { studyNow } from '../../operations/shell.ts';
import { describeStudy, startStudy } from '../../operations/studies.ts';
import { AskingDialog } from '../../shell/asking-dialog.tsx';
import { Problem } from '../../shell/problem.tsx';
import { ConcurrencyField } from './new-study/concurrency-field.tsx';
import { draftOf, fittingStopRules, type StudyDraft } from './new-study/draft.ts';
import { type Fault, Faults, faultsOf } from './new-study/faults.ts';
import { RunningSettings } from './new-study/running-settings.tsx';
import { Fields } from './new-study/section.tsx';
import { StopRules } from './new-study/stop-rules.tsx';
import type { ActedStudy } from './study-changes.ts';

export interface StudySettingsDialogProps {
  readonly study: ActedStudy;
  onClose(): void;
}

/** Changes what may change of a study that is there: when it ends and how its trials run; one that has ended goes on. */
export default function StudySettingsDialog({
  study: { id, name, state },
  onClose,
}: StudySettingsDialogProps) {
  const { client } = useSession();
  const { data, error, refetch } = useQuery({
    queryKey: ['settings of a study', id],
    queryFn: ({ signal }) => client.query(studyNow, { id }, { signal }),
    // Someone else may have changed them meanwhile.
    gcTime: 0,
  });
  const study = data?.study;
  return (
    <AskingDialog
      onClose={onClose}
      title={state === 'FINISHED' ? `Continue ${name}` : `Settings of ${name}`}
      size="lg"
    >
      {error !== null && <Problem error={error} onRetry={refetch} />}
      {study && <SettingsForm study={study} onClose={onClose} />}
    </AskingDialog>
  );
}

interface SettingsFormProps {
  readonly study: StudyData;
  onClose(): void;
}

function SettingsForm({ study, onClose }: SettingsFormProps) {
  const { client, noteError } = useSession();
  const [draft, setDraft] = useState(() => draftOf(study));
  const [faults, setFaults] = useState<readonly Fault[]>([]);
  const [isSaving, setIsSaving] = useState(false);
  const change = (part: Partial<StudyDraft>) => setDraft((old) => ({ ...old, ...part }));
  const isEnded = study.state === 'FINISHED';
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setIsSaving(true);
    setFaults([]);
    try {
      await client.mutate(describeStudy, { id: study.id, input: changesOf(study, draft) });
      if (isEnded) await client.mutate(startStudy, { id: study.id });
      onClose();
    } catch (error) {
      noteError(error);
      setFaults(faultsOf(error));
    } finally {
      setIsSaving(false);
    }
  };
  return (
    <form onSubmit={save}>
      {isEnded && <p>It has ended: {study.stopReason} It goes on until one of these rules holds.</p>}
      <Faults value={faults}>
        <StopRules draft={draft} onChange={change} />
        <Fields>
          <ConcurrencyField draft={draft} onChange={change} />
        </Fields>
        <RunningSettings draft={draft} onChange={change} />
      </Faults>
      {faults.map(({ path, message }) => (
        <Alert key={path + message} color="red" role="alert" mb="xs">
          <b>{path}</b> {message}
        </Alert>
      ))}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={isSaving}>
          {isEnded ? 'Continue' : 'Save'}
        </Button>
      </Group>
    </form>
  );
}

/** Only what differs: another may be changing the rest. */
function changesOf(study: StudyData, draft: StudyDraft): UpdateStudyInput {
  const { maxConcurrentTrials, trialTimeoutSeconds, retries, isolation } = draft;
  const wanted = {
    stopRules: fittingStopRules(draft),
    maxConcurrentTrials,
    priority: draft.priority ?? 0,
    trialTimeoutSeconds,
    retries,
    isolation,
  };
  return Object.fromEntries(
    Object.entries(wanted).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(study[name as keyof typeof wanted]),
    ),
  );
}
