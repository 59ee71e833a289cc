import type { QueueEntry } from '../../execution/trial-queue.ts';
import { builder } from '../builder.ts';
import { StudyRef, TrialRef } from '../node.ts';
import { followDevices } from './follow-devices.ts';

/** Of longer queues the first are shown. */
const maxEntries = 1000;

const QueueEntryType = builder.objectRef<QueueEntry>('QueueEntry').implement({
  description: 'What waits for a device of this server: a trial, or the next one of a study.',
  fields: (t) => ({
    position: t.exposeInt('position', {
      description: 'From 1. A small trial may start before a larger one that does not fit yet.',
    }),
    study: t.field({
      type: StudyRef,
      nullable: true,
      description: 'Null when it was deleted just now.',
      resolve: (entry, _, { loaders }) => loaders.study.load(entry.studyId).catch(() => null),
    }),
    trial: t.field({
      type: TrialRef,
      nullable: true,
      description: 'Null where it is not yet known which trial of the study will be next.',
      resolve: (entry, _, { loaders }) => (entry.trialId === null ? null : loaders.trial.load(entry.trialId)),
    }),
    reason: t.exposeString('reason', { description: 'Why it waits, in words.' }),
    since: t.field({
      type: 'DateTime',
      nullable: true,
      resolve: ({ since }) => (since === null ? null : new Date(since)),
    }),
    queuedTrials: t.exposeInt('queuedTrials', {
      description: 'The study’s queued trials that this entry stands for.',
    }),
  }),
});

builder.queryField('queue', (t) =>
  t.field({
    type: [QueueEntryType],
    description: 'What waits for a device of this server, first what comes first.',
    resolve: (_, _args, { engine }) => engine.readQueue().slice(0, maxEntries),
  }),
);

builder.subscriptionField('queue', (t) =>
  t.field({
    type: [QueueEntryType],
    description: 'The queue as it is, and again at every change.',
    subscribe: (_, _args, { engine }) =>
      followDevices<readonly QueueEntry[]>(engine, async () => engine.readQueue().slice(0, maxEntries)),
    resolve: (entries) => entries,
  }),
);
