import { Button, Group, Modal, Select, SimpleGrid, Text, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { JsonScalar, StudyData } from '../../../client/index.ts';
import { formatParam } from '../../format/param.ts';
import { useSession } from '../../live/session-context.ts';
import { enqueueOneTrial } from '../../operations/trial.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { type SpaceParameter, spaceParameters } from '../study/trials/space-parameters.ts';
import classes from './copy-trial-dialog.module.css';
import type { ShownTrial } from './use-trial.ts';

export interface CopyTrialDialogProps {
  readonly study: StudyData;
  readonly trial: ShownTrial;
  readonly isOpen: boolean;
  onClose(): void;
}

/** Queues a trial like this one with some parameters changed; those that are left empty are the sampler's to choose. */
export function CopyTrialDialog({ study, trial, isOpen, onClose }: CopyTrialDialogProps) {
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={`Enqueue a changed copy of trial ${trial.number}`}
      size="xl"
      keepMounted={false}
    >
      <CopyForm study={study} trial={trial} onDone={onClose} />
    </Modal>
  );
}

function CopyForm({
  study,
  trial,
  onDone,
}: {
  readonly study: StudyData;
  readonly trial: ShownTrial;
  onDone(): void;
}) {
  const { client, noteError } = useSession();
  const navigate = useNavigate();
  const parameters = spaceParameters(study);
  /** By name: the text of a number, or the place of a choice; empty where the sampler chooses. */
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(
      parameters.map((parameter) => [parameter.name, textOf(parameter, trial.params[parameter.name])]),
    ),
  );
  const [fault, setFault] = useState<string | null>(null);
  const [isSending, setIsSending] = useState(false);
  const set = (name: string, text: string) => setTexts({ ...texts, [name]: text });
  const faults = new Map(
    parameters.map((parameter) => [parameter.name, faultOf(parameter, texts[parameter.name]!)]),
  );
  const params = Object.fromEntries(
    parameters.flatMap((parameter) => {
      const value = paramOf(parameter, texts[parameter.name]!);
      return value === undefined ? [] : [[parameter.name, value] as const];
    }),
  );
  const code = mutationCode(study.id, params);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if ([...faults.values()].some((it) => it !== null)) return;
    setIsSending(true);
    setFault(null);
    try {
      const { enqueueTrials } = await client.mutate(enqueueOneTrial, { study: study.id, params: [params] });
      onDone();
      await navigate({ to: '/trials/$id', params: { id: enqueueTrials[0]!.id } });
    } catch (error) {
      noteError(error);
      setFault((error as Error).message);
    } finally {
      setIsSending(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <div className={classes.columns}>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" verticalSpacing="xs" className={classes.fields}>
          {parameters.map((parameter) => (
            <ParameterField
              key={parameter.name}
              parameter={parameter}
              text={texts[parameter.name]!}
              fault={faults.get(parameter.name) ?? null}
              isChanged={texts[parameter.name] !== textOf(parameter, trial.params[parameter.name])}
              onChange={(text) => set(parameter.name, text)}
            />
          ))}
        </SimpleGrid>
        <div className={classes.code}>
          <Group justify="space-between" mb={4}>
            <Text size="xs" c="dimmed">
              The same by GraphQL
            </Text>
            <CopyButton text={code} size="compact-xs" variant="subtle" color="gray" />
          </Group>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard */}
          <pre tabIndex={0}>{code}</pre>
        </div>
      </div>
      {fault !== null && (
        <p className={classes.fault} role="alert">
          {fault}
        </p>
      )}
      <Group justify="flex-end" mt="sm">
        <Text size="xs" c="dimmed" flex={1}>
          What is left empty is chosen by the sampler, as are parameters whose conditions do not hold.
          {study.state !== 'RUNNING' && ' The trial waits until the study is started.'}
        </Text>
        <Button type="submit" loading={isSending}>
          Enqueue
        </Button>
      </Group>
    </form>
  );
}

interface ParameterFieldProps {
  readonly parameter: SpaceParameter;
  readonly text: string;
  readonly fault: string | null;
  readonly isChanged: boolean;
  onChange(text: string): void;
}

function ParameterField({ parameter, text, fault, isChanged, onChange }: ParameterFieldProps) {
  const { name, choices, low, high, isLog, isConditional } = parameter;
  const label = `${name}${isChanged ? ' •' : ''}`;
  if (choices !== null) {
    return (
      <Select
        label={label}
        description={isConditional ? 'conditional' : undefined}
        data={choices.map((choice, i) => ({
          value: String(i),
          label: choice === null ? 'null' : String(choice),
        }))}
        value={text === '' ? null : text}
        onChange={(value) => onChange(value ?? '')}
        placeholder="sampler chooses"
        clearable
      />
    );
  }
  const range = low !== null && high !== null ? `${formatParam(low)} to ${formatParam(high)}` : '';
  return (
    <TextInput
      label={label}
      description={[range, isLog && 'log', isConditional && 'conditional'].filter(Boolean).join(', ')}
      placeholder="sampler chooses"
      inputMode="decimal"
      value={text}
      error={fault}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function textOf({ choices }: SpaceParameter, value: JsonScalar | undefined): string {
  if (value === undefined) return '';
  if (choices === null) return String(value);
  const place = choices.indexOf(value);
  return place < 0 ? '' : String(place);
}

function paramOf({ choices }: SpaceParameter, text: string): JsonScalar | undefined {
  if (text.trim() === '') return undefined;
  return choices === null ? Number(text) : choices[Number(text)]!;
}

/** The server knows more; what it refuses is shown below the form. */
function faultOf({ choices, type, low, high }: SpaceParameter, text: string): string | null {
  if (choices !== null || text.trim() === '') return null;
  const value = Number(text);
  if (!Number.isFinite(value)) return 'must be a number';
  if (type === 'int' && !Number.isInteger(value)) return 'must be a whole number';
  if ((low !== null && value < low) || (high !== null && value > high)) return 'is outside the range';
  return null;
}

function mutationCode(study: string, params: object): string {
  const variables = JSON.stringify({ study, params: [params] }, null, 2);
  return `mutation ($study: ID!, $params: [JSON!]!) {
  enqueueTrials(study: $study, params: $params) {
    id
    number
  }
}

# variables
${variables}`;
}
