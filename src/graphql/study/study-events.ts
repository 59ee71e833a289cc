import { InputError } from '../../core/errors.ts';
import { FollowedLog, type LogSource } from '../../events/followed-log.ts';
import { watchStudy } from '../../events/watch-study.ts';
import type { Engine } from '../../execution/engine.ts';
import { readEvents } from '../../storage/event-log.ts';
import type { StudyEventRecord, StudyRecord } from '../../storage/records.ts';
import { builder } from '../builder.ts';
import { parseGlobalId } from '../global-id.ts';
import { StudyRef, TrialRef } from '../node.ts';

/** Events of one message; a follower that is far behind reads more often. */
const maxEventsPerBatch = 500;

const StudyEvent = builder.objectRef<StudyEventRecord>('StudyEvent').implement({
  description: 'A committed change, with the trial or the study as it was right after it.',
  fields: (t) => ({
    kind: t.exposeString('kind', { description: 'Such as TRIAL_STARTED, TRIAL_COMPLETED, STUDY_PAUSED.' }),
    at: t.expose('at', { type: 'DateTime' }),
    trial: t.field({ type: TrialRef, nullable: true, resolve: (event) => event.trial }),
    study: t.field({ type: StudyRef, nullable: true, resolve: (event) => event.study }),
  }),
});

interface StudyEventBatch {
  readonly cursor: number;
  readonly snapshot: StudyRecord | null;
  readonly events: readonly StudyEventRecord[];
}

const StudyEventBatchType = builder.objectRef<StudyEventBatch>('StudyEventBatch').implement({
  fields: (t) => ({
    cursor: t.field({ type: 'Cursor', resolve: (batch) => String(batch.cursor) }),
    snapshot: t.field({ type: StudyRef, nullable: true, resolve: (batch) => batch.snapshot }),
    events: t.field({ type: [StudyEvent], resolve: (batch) => batch.events }),
  }),
});

builder.subscriptionField('studyEvents', (t) =>
  t.field({
    type: StudyEventBatchType,
    description:
      'A snapshot first (after: null), then every change of the study and its trials, in order, without gaps. A snapshot again where the events after the cursor are not kept any more. Ends when the study is deleted.',
    args: { study: t.arg.id({ required: true }), after: t.arg({ type: 'Cursor' }) },
    subscribe: (_, args, { engine }) =>
      followEvents(engine, parseGlobalId('study', args.study, 'study'), args.after ?? null),
    resolve: (batch) => batch,
  }),
);

async function followEvents(engine: Engine, studyId: number, after: string | null) {
  const study = await engine.studies.get(studyId);
  const newest = [study.lastEvent];
  const start =
    after === null
      ? { position: newest, value: { cursor: study.lastEvent, snapshot: study, events: [] } }
      : { position: [parseEventCursor(after, study.lastEvent)], value: null };
  return new FollowedLog<StudyEventBatch>(eventSource(engine, studyId), start, newest);
}

function eventSource(engine: Engine, studyId: number): LogSource<StudyEventBatch> {
  let isInDoubt = false;
  let isDeleted = false;
  return {
    watch: (wake) =>
      watchStudy(engine.bus, studyId, ['studyChanged'], wake, () => {
        isInDoubt = true;
        wake();
      }),
    read: async ([after], upTo) => {
      const limit = upTo === null ? maxEventsPerBatch : Math.min(maxEventsPerBatch, upTo[0]! - after!);
      const events = await readEvents(engine.database.pool, studyId, after!, limit);
      const last = events.at(-1);
      if (last === undefined) {
        if (isInDoubt) {
          isInDoubt = false;
          isDeleted = (await engine.studies.find(studyId)) === null;
        }
        return null;
      }
      // Those in between are not kept any more.
      if (events[0]!.sequence !== after! + 1) {
        const now = await engine.studies.find(studyId);
        if (now === null) return null;
        const cursor = now.lastEvent;
        return { position: [cursor], value: { cursor, snapshot: now, events: [] } };
      }
      const cursor = last.sequence;
      return {
        position: [cursor],
        value: { cursor, snapshot: null, events },
        isNewest: events.length < limit && !isInDoubt,
      };
    },
    isDone: () => isDeleted,
  };
}

function parseEventCursor(cursor: string, lastEvent: number): number {
  const sequence = /^\d{1,10}$/.test(cursor) ? Number(cursor) : Number.NaN;
  if (sequence <= lastEvent) return sequence;
  throw InputError.at('after', 'is not a cursor of this study; leave it out to begin with a snapshot');
}
