import type { StudyRecord, TrialRecord } from '../storage/records.ts';
import { builder } from './builder.ts';
import { parseAnyGlobalId } from './global-id.ts';

/** A record together with its type's name, by which GraphQL finds the type of a node. */
export const StudyRef = builder.objectRef<StudyRecord>('Study');
export const TrialRef = builder.objectRef<TrialRecord>('Trial');

export const Node = builder.interfaceRef<StudyRecord | TrialRecord>('Node').implement({
  description: 'Anything with an id of its own.',
  resolveType: (record) => ('studyId' in record ? 'Trial' : 'Study'),
  fields: (t) => ({
    id: t.id({ resolve: (record) => (record as { id: number }).id.toString() }),
  }),
});

builder.queryField('node', (t) =>
  t.field({
    type: Node,
    nullable: true,
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_, args, { engine }) => {
      const parsed = parseAnyGlobalId(args.id);
      if (parsed === null) return null;
      if (parsed.kind === 'study') return engine.studies.find(parsed.id);
      return (await engine.trials.findMany([parsed.id]))[0] ?? null;
    },
  }),
);
