import { builder } from '../builder.ts';
import { parseGlobalId } from '../global-id.ts';
import { StudyRef } from '../node.ts';
import { CreateStudyInput, UpdateStudyInput } from './study-inputs.ts';

builder.mutationFields((t) => {
  const id = t.arg.id({ required: true });
  return {
    createStudy: t.field({
      type: StudyRef,
      args: { input: t.arg({ type: CreateStudyInput, required: true }) },
      resolve: (_, { input }, { engine }) => engine.studyLife.create(input),
    }),
    updateStudy: t.field({
      type: StudyRef,
      args: { id, input: t.arg({ type: UpdateStudyInput, required: true }) },
      resolve: (_, args, { engine }) => engine.studyLife.update(parseGlobalId('study', args.id), args.input),
    }),
    startStudy: t.field({
      type: StudyRef,
      description:
        'Launches trials: on this process’s devices, or on the workers that serve it. Returns at once. `trials`: how many more to run; absent: until a stop rule holds.',
      args: { id, trials: t.arg.int() },
      resolve: (_, args, { engine }) =>
        engine.studyLife.start(parseGlobalId('study', args.id), args.trials ?? null),
    }),
    pauseStudy: t.field({
      type: StudyRef,
      description: 'Starts no more trials; those that run go on to their end. `startStudy` resumes.',
      args: { id },
      resolve: (_, args, { engine }) => engine.studyLife.pause(parseGlobalId('study', args.id)),
    }),
    stopStudy: t.field({
      type: StudyRef,
      description: 'Ends the study and cancels the trials that wait or run.',
      args: { id },
      resolve: (_, args, { engine }) => engine.studyLife.stop(parseGlobalId('study', args.id)),
    }),
    deleteStudy: t.id({
      description: 'Deletes the study with its trials, events and points. Returns its id.',
      args: { id },
      resolve: async (_, args, { engine }) => {
        await engine.studyLife.delete(parseGlobalId('study', args.id));
        return args.id;
      },
    }),
    cloneStudy: t.field({
      type: StudyRef,
      description:
        'A new study with the same settings, in another `searchSpace` where one is given (such as the suggested one of `studyInsights`); `warmStart` queues the best parameters of this one first, as far as they fit.',
      args: {
        id,
        name: t.arg.string({ required: true }),
        warmStart: t.arg.boolean({ defaultValue: false }),
        searchSpace: t.arg({ type: 'JSON' }),
      },
      resolve: (_, args, { engine }) =>
        engine.studyLife.clone(parseGlobalId('study', args.id), {
          name: args.name,
          warmStart: args.warmStart ?? false,
          searchSpace: args.searchSpace,
        }),
    }),
  };
});
