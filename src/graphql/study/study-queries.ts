import { isStudyPosition, type StudyOrder } from '../../storage/study-store.ts';
import { builder } from '../builder.ts';
import { connectionOf, connectionType, decodeCursor, encodeCursor } from '../connection.ts';
import { parseGlobalId } from '../global-id.ts';
import { StudyRef } from '../node.ts';
import { StudyFilterInput, StudyOrderInput } from './study-inputs.ts';

const StudyConnection = connectionType('Study', StudyRef);

builder.queryFields((t) => ({
  studies: t.field({
    type: StudyConnection,
    args: {
      first: t.arg.int({ defaultValue: 50 }),
      after: t.arg.string(),
      filter: t.arg({ type: StudyFilterInput }),
      orderBy: t.arg({ type: StudyOrderInput }),
    },
    resolve: (_, args, { engine: { studies } }) => {
      const filter = args.filter ?? {};
      const order: StudyOrder = {
        field: args.orderBy?.field ?? 'CREATED_AT',
        descending: args.orderBy?.descending ?? true,
      };
      const after =
        args.after == null ? null : decodeCursor(args.after, (value) => isStudyPosition(order, value));
      return connectionOf({
        first: args.first ?? 50,
        isFirstPage: after === null,
        read: async (limit) => {
          const page = await studies.page({ filter, order, limit, after });
          return page.map(({ study, position }) => ({ node: study, cursor: encodeCursor(position) }));
        },
        totalCount: () => studies.count(filter),
      });
    },
  }),
  study: t.field({
    type: StudyRef,
    nullable: true,
    args: { id: t.arg.id({ required: true }) },
    resolve: (_, { id }, { engine }) => engine.studies.find(parseGlobalId('study', id)),
  }),
  studyByName: t.field({
    type: StudyRef,
    nullable: true,
    args: { name: t.arg.string({ required: true }), project: t.arg.string({ defaultValue: 'default' }) },
    resolve: (_, { name, project }, { engine }) => engine.studies.findByName(project ?? 'default', name),
  }),
  studyTags: t.stringList({
    description: 'The tags that studies have, by name.',
    resolve: (_, __, { engine }) => engine.studies.tags(),
  }),
}));
