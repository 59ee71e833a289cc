import { InputError } from '../../core/errors.ts';
import { isFinal } from '../../core/trial.ts';
import { FollowedLog, type LogSource } from '../../events/followed-log.ts';
import { watchStudy } from '../../events/watch-study.ts';
import type { Engine } from '../../execution/engine.ts';
import type { LogOutcome } from '../../execution/trial-log.ts';
import type { LogLine } from '../../storage/trial-log-store.ts';
import { builder } from '../builder.ts';
import { parseGlobalId } from '../global-id.ts';
import { TrialRef } from '../node.ts';

const maxLinesPerPage = 1000;
const maxTextsPerReport = 10_000;
/** Lines that come within it travel together. */
const minIntervalMs = 100;

const LogLineType = builder.objectRef<LogLine>('LogLine').implement({
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'Dense from 0 within the trial.' }),
    attempt: t.exposeInt('attempt', { description: 'The attempt that has logged it.' }),
    at: t.field({ type: 'DateTime', resolve: ({ time }) => new Date(time) }),
    text: t.exposeString('text'),
  }),
});

interface LogPage {
  /** The number of the line after the last. */
  readonly next: number;
  readonly lines: readonly LogLine[];
}

const LogPageType = builder.objectRef<LogPage>('LogPage').implement({
  description: 'A part of a trial’s log.',
  fields: (t) => ({
    cursor: t.field({
      type: 'Cursor',
      description: 'The position after these lines: hand it back as `after` to go on.',
      resolve: ({ next }) => String(next),
    }),
    lines: t.field({ type: [LogLineType], resolve: ({ lines }) => lines }),
  }),
});

builder.objectFields(TrialRef, (t) => ({
  log: t.field({
    type: LogPageType,
    description: `What the trial has logged, from the beginning or after a cursor; at most ${maxLinesPerPage} lines at once.`,
    args: { after: t.arg({ type: 'Cursor' }), first: t.arg.int({ defaultValue: maxLinesPerPage }) },
    resolve: async (trial, args, { engine }) => {
      const first = args.first ?? maxLinesPerPage;
      if (first < 0 || first > maxLinesPerPage) {
        throw InputError.at('first', `must be between 0 and ${maxLinesPerPage}`);
      }
      return readPage(engine, trial.id, parseCursor(args.after ?? null), first);
    },
  }),
  logLineCount: t.int({
    description: 'How many lines the trial has logged.',
    resolve: (trial, _, { engine }) => engine.trialLog.store.count(trial.id),
  }),
}));

builder.subscriptionField('trialLog', (t) =>
  t.field({
    type: LogPageType,
    description:
      'The log of a trial, from the beginning or after a cursor, and then live, until the trial has ended.',
    args: { trial: t.arg.id({ required: true }), after: t.arg({ type: 'Cursor' }) },
    subscribe: (_, args, { engine }) =>
      followLog(engine, parseGlobalId('trial', args.trial, 'trial'), parseCursor(args.after ?? null)),
    resolve: (page) => page,
  }),
);

const ReportLogInput = builder.inputType('ReportLogInput', {
  fields: (t) => ({
    trial: t.id({ required: true }),
    attempt: t.int({ description: 'The fencing token; a stale one is refused (CONFLICT).' }),
    batch: t.int({
      description:
        'A number that grows per trial and attempt; a repeated one is acknowledged, not stored twice.',
    }),
    lines: t.stringList({ required: true, description: 'Those with line breaks become several lines.' }),
    times: t.floatList({
      required: { list: false, items: true },
      description: 'Of each of them, in milliseconds since 1970; absent: now.',
    }),
  }),
});

const ReportLogResult = builder.objectRef<LogOutcome>('ReportLogResult').implement({
  fields: (t) => ({
    accepted: t.exposeInt('accepted', {
      description: 'Lines stored, by this report or by the one it repeats.',
    }),
    shouldStop: t.exposeBoolean('shouldStop', { description: 'Stop: the trial was cancelled.' }),
  }),
});

builder.mutationField('reportLog', (t) =>
  t.field({
    type: ReportLogResult,
    description: 'Adds lines to the log of a running trial; answers after the commit.',
    args: { input: t.arg({ type: ReportLogInput, required: true }) },
    resolve: (_, { input }, { engine }) =>
      engine.trialLog.report({
        trialId: parseGlobalId('trial', input.trial, 'trial'),
        attempt: input.attempt,
        batch: input.batch,
        entries: parseEntries(input.lines, input.times ?? null),
      }),
  }),
);

function parseEntries(lines: readonly string[], times: readonly number[] | null) {
  if (lines.length > maxTextsPerReport) {
    throw InputError.at('lines', `has ${lines.length} entries; at most ${maxTextsPerReport} are allowed`);
  }
  if (times !== null && times.length !== lines.length) {
    throw InputError.at(
      'times',
      `has ${times.length} entries but lines has ${lines.length}; give one for each`,
    );
  }
  const now = Date.now();
  return lines.map((text, i) => {
    const time = times?.[i] ?? now;
    if (Number.isNaN(new Date(time).getTime())) {
      throw InputError.at(`times[${i}]`, `must be milliseconds since 1970, not ${time}`);
    }
    return { time, text };
  });
}

async function followLog(engine: Engine, trialId: number, after: number) {
  const { studyId } = await engine.trials.get(trialId);
  const newest = [await engine.trialLog.store.count(trialId)];
  return new FollowedLog<LogPage>(
    logSource(engine, studyId, trialId),
    { position: [after], value: null },
    newest,
  );
}

function logSource(engine: Engine, studyId: number, trialId: number): LogSource<LogPage> {
  let hasEnded = false;
  return {
    minIntervalMs,
    watch: (wake) => watchStudy(engine.bus, studyId, ['logStored', 'studyChanged'], wake),
    read: async ([after], upTo) => {
      const limit = upTo === null ? maxLinesPerPage : Math.min(maxLinesPerPage, upTo[0]! - after!);
      // The state first: what a trial logs comes before its end.
      const [trial] = await engine.trials.findMany([trialId]);
      const page = await readPage(engine, trialId, after!, limit);
      hasEnded = trial == null || isFinal(trial.state);
      if (page.lines.length === 0) return null;
      return { position: [page.next], value: page, isNewest: !hasEnded && page.lines.length < limit };
    },
    isDone: () => hasEnded,
  };
}

async function readPage(engine: Engine, trialId: number, after: number, first: number): Promise<LogPage> {
  const lines = await engine.trialLog.store.read(trialId, after, first);
  return { next: after + lines.length, lines };
}

function parseCursor(cursor: string | null): number {
  if (cursor === null) return 0;
  if (/^\d{1,9}$/.test(cursor)) return Number(cursor);
  throw InputError.at('after', 'is not a cursor of a log; use the one of the last page, or leave it out');
}
