import { InputError } from '../../core/errors.ts';
import { followedState } from '../../events/followed-state.ts';
import type { Engine } from '../../execution/engine.ts';
import { builder } from '../builder.ts';

const maxRateHz = 100;

builder.subscriptionField('studiesChanged', (t) =>
  t.field({
    type: 'DateTime',
    description:
      'Now, and whenever a study is created, changes or is deleted, its trials included: ask for `studies` again. At most maxRateHz messages a second.',
    args: { maxRateHz: t.arg.float({ defaultValue: 1 }) },
    subscribe: (_, args, { engine }) => followStudies(engine, args.maxRateHz ?? 1),
    resolve: (at) => at,
  }),
);

function followStudies({ bus }: Engine, rateHz: number) {
  if (!(rateHz > 0 && rateHz <= maxRateHz)) {
    throw InputError.at('maxRateHz', `must be above 0 and at most ${maxRateHz}`);
  }
  let changedAt: Date | null = new Date();
  return followedState<Date>({
    watch: (wake) => {
      const note = (): void => {
        changedAt = new Date();
        wake();
      };
      const ends = (['studyChanged', 'studyDeleted', 'eventsMissed'] as const).map((name) =>
        bus.subscribe(name, note),
      );
      return () => {
        for (const end of ends) end();
      };
    },
    read: async () => {
      const at = changedAt;
      changedAt = null;
      return at;
    },
    isDone: () => false,
    minIntervalMs: 1000 / rateHz,
  });
}
