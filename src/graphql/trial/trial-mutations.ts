import { InputError } from '../../core/errors.ts';
import { nameFault } from '../../core/field-reader.ts';
import { builder } from '../builder.ts';
import { TrialState } from '../enums.ts';
import { parseGlobalId } from '../global-id.ts';
import { TrialRef } from '../node.ts';

const maxTrialsPerCall = 1000;
const maxLeaseSeconds = 24 * 3600;

const retryDescription =
  'false: a trial that FAILED would fail again, so it is not retried whatever the study’s `retries` say.';

const TellTrialInput = builder.inputType('TellTrialInput', {
  fields: (t) => ({
    attempt: t.int({ description: 'The attempt that ends; a stale one is refused (CONFLICT).' }),
    state: t.field({ type: TrialState, defaultValue: 'COMPLETED' }),
    values: t.field({
      type: 'JSON',
      description:
        'Numbers by metric, for objectives and constraints; what is missing is taken from the last report.',
    }),
    error: t.string(),
    retry: t.boolean({ description: retryDescription }),
  }),
});

const TellTrialsInput = builder.inputType('TellTrialsInput', {
  fields: (t) => ({
    id: t.id({ required: true }),
    attempt: t.int(),
    state: t.field({ type: TrialState, defaultValue: 'COMPLETED' }),
    values: t.field({ type: 'JSON' }),
    error: t.string(),
    retry: t.boolean({ description: retryDescription }),
  }),
});

const UpdateTrialInput = builder.inputType('UpdateTrialInput', {
  description: 'Absent fields stay as they are.',
  fields: (t) => ({
    notes: t.string({ description: 'Markdown; null or empty: none.' }),
    tags: t.stringList(),
  }),
});

builder.mutationFields((t) => ({
  enqueueTrials: t.field({
    type: [TrialRef],
    description:
      'Queues trials with all or some parameters fixed; the sampler chooses the others when they start.',
    args: {
      study: t.arg.id({ required: true }),
      params: t.arg({ type: ['JSON'], required: true }),
    },
    resolve: (_, { study, params }, { engine }) => {
      checkCount(params.length, 'params');
      return engine.trialLife.enqueue(parseGlobalId('study', study, 'study'), params);
    },
  }),
  askTrials: t.field({
    type: [TrialRef],
    description:
      'Starts trials for the caller: queued ones first, then paused ones that the pruner promotes, then new suggestions. Fewer than asked for, or none, when the study is paused, finished or at its limits.',
    args: {
      study: t.arg.id({ required: true }),
      count: t.arg.int({ defaultValue: 1 }),
      worker: t.arg.string({ description: 'The caller’s name, for people.' }),
      leaseSeconds: t.arg.int({
        defaultValue: 60,
        description: 'A trial without a report or heartbeat for so long goes back into the queue.',
      }),
    },
    resolve: (_, args, { engine }) => {
      const count = args.count ?? 1;
      checkCount(count, 'count');
      return engine.trialLife.ask({
        studyId: parseGlobalId('study', args.study, 'study'),
        count,
        worker: checkedWorker(args.worker),
        leaseMs: leaseMs(args.leaseSeconds),
      });
    },
  }),
  heartbeatTrials: t.field({
    type: [TrialRef],
    description:
      'Prolongs leases. Returns the trials as they are now: stop work on those that no longer run.',
    args: {
      ids: t.arg.idList({ required: true }),
      leaseSeconds: t.arg.int({ defaultValue: 60 }),
    },
    resolve: (_, { ids, leaseSeconds }, { engine }) => {
      checkCount(ids.length, 'ids');
      return engine.trialLife.heartbeat(
        ids.map((id, i) => parseGlobalId('trial', id, `ids[${i}]`)),
        leaseMs(leaseSeconds),
      );
    },
  }),
  tellTrial: t.field({
    type: TrialRef,
    description: 'Ends a trial. Telling the same end again changes nothing.',
    args: { id: t.arg.id({ required: true }), input: t.arg({ type: TellTrialInput, required: true }) },
    resolve: (_, { id, input }, { engine }) =>
      engine.trialLife.tell({
        ...input,
        trialId: parseGlobalId('trial', id),
        state: input.state ?? 'COMPLETED',
      }),
  }),
  tellTrials: t.field({
    type: [TrialRef],
    description: 'Ends many trials; those of one study all or none.',
    args: { input: t.arg({ type: [TellTrialsInput], required: true }) },
    resolve: (_, { input }, { engine }) => {
      checkCount(input.length, 'input');
      return engine.trialLife.tellMany(
        input.map(({ id, ...ending }, i) => ({
          ...ending,
          trialId: parseGlobalId('trial', id, `input[${i}].id`),
          path: `input[${i}]`,
          state: ending.state ?? 'COMPLETED',
        })),
      );
    },
  }),
  pauseTrial: t.field({
    type: TrialRef,
    description:
      'Pauses a trial until resumeTrial. A QUEUED one is held at once. A RUNNING one is told to save a checkpoint and to give its place back, which takes one batch here; the worker of another is answered PAUSE at its next report. Then it is QUEUED and held. With `attempt`, as its worker calls it: gives the trial back now. Held, it waits for resumeTrial; paused by its pruner, until that promotes it, and then it goes on before anything new is tried; otherwise for the next askTrials. A held trial is not started with its study and does not keep it from ending: it stays as it is when the study ends by itself, and is CANCELLED when that is stopped. One that its pruner has paused is PRUNED at the end.',
    args: {
      id: t.arg.id({ required: true }),
      attempt: t.arg.int({
        description: 'The attempt that the caller works on; a stale one is refused (CONFLICT).',
      }),
      restart: t.arg.boolean({
        defaultValue: false,
        description:
          'true: also a trial that is known to save no checkpoints (CONFLICT otherwise): it loses its work, and starts anew when it is resumed.',
      }),
    },
    resolve: (_, { id, attempt, restart }, { engine }) => {
      const trialId = parseGlobalId('trial', id);
      return attempt == null
        ? engine.trialPauses.pause(trialId, { restart: restart === true })
        : engine.trialPauses.giveBack(trialId, attempt);
    },
  }),
  resumeTrial: t.field({
    type: TrialRef,
    description:
      'Puts a paused trial back into the queue, whether it was paused by request or by its pruner: its next attempt goes on from its checkpoint. One that is not paused stays as it is. In a finished study it waits for startStudy.',
    args: { id: t.arg.id({ required: true }) },
    resolve: (_, { id }, { engine }) => engine.trialPauses.resume(parseGlobalId('trial', id)),
  }),
  stopTrial: t.field({
    type: TrialRef,
    description:
      'Cancels a trial that waits or runs. One that runs in this server makes no batch but the one under way when this is answered; the worker of another learns of it at its next report or heartbeat.',
    args: { id: t.arg.id({ required: true }) },
    resolve: (_, { id }, { engine }) => engine.trialLife.stop(parseGlobalId('trial', id)),
  }),
  updateTrial: t.field({
    type: TrialRef,
    description: 'Writes what people say about a trial, whatever state it is in.',
    args: { id: t.arg.id({ required: true }), input: t.arg({ type: UpdateTrialInput, required: true }) },
    resolve: (_, { id, input }, { engine }) => engine.trialNotes.annotate(parseGlobalId('trial', id), input),
  }),
  retryTrial: t.field({
    type: TrialRef,
    description:
      'Queues a new trial with the parameters of one that has ended. In a finished study it waits for startStudy.',
    args: { id: t.arg.id({ required: true }) },
    resolve: (_, { id }, { engine }) => engine.trialLife.retry(parseGlobalId('trial', id)),
  }),
}));

function checkCount(count: number, path: string): void {
  if (count < 1 || count > maxTrialsPerCall) {
    throw InputError.at(path, `must be between 1 and ${maxTrialsPerCall} trials, not ${count}`);
  }
}

function checkedWorker(worker: string | null | undefined): string | null {
  if (worker == null) return null;
  const fault = nameFault(worker);
  if (fault !== null) throw InputError.at('worker', fault);
  return worker;
}

function leaseMs(leaseSeconds: number | null | undefined): number {
  const seconds = leaseSeconds ?? 60;
  if (seconds < 1 || seconds > maxLeaseSeconds) {
    throw InputError.at('leaseSeconds', `must be between 1 and ${maxLeaseSeconds}, not ${seconds}`);
  }
  return seconds * 1000;
}
