import type { StudyView } from '../study-view.ts';
import type { TrialView } from '../trial.ts';

/** What a pruner has counted of a study's trials. */
export interface TrialIndex {
  /** Takes a trial as it is now in place of what it was; `curvesChanged`: it has reported since. */
  update(trial: TrialView, curvesChanged: boolean): void;
}

/**
 * One index a study, built when it is first asked for and then told of the trials that changed: no decision reads all
 * trials. The index follows from the view alone, so that a pruner stays a function of what it is given.
 */
export class StudyIndex<Index extends TrialIndex> {
  readonly #create: (study: StudyView) => Index;
  readonly #followed = new WeakMap<StudyView, { index: Index; changed: Map<number, boolean> }>();

  constructor(create: (study: StudyView) => Index) {
    this.#create = create;
  }

  of(study: StudyView): Index {
    const { index, changed } = this.#followed.get(study) ?? this.#follow(study);
    for (const [number, curvesChanged] of changed) {
      const trial = study.trial(number);
      // Points that came before their trial wait for it.
      if (trial === undefined) continue;
      changed.delete(number);
      index.update(trial, curvesChanged);
    }
    return index;
  }

  #follow(study: StudyView) {
    const changed = new Map<number, boolean>();
    for (const number of study.trials.keys()) changed.set(number, true);
    study.follow((number, part) => {
      changed.set(number, part === 'curves' || changed.get(number) === true);
    });
    const followed = { index: this.#create(study), changed };
    this.#followed.set(study, followed);
    return followed;
  }
}
