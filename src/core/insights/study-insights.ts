import { importancesOf, type ParameterImportance } from '../importance/parameter-importances.ts';
import type { Objective } from '../study.ts';
import type { StudyView } from '../study-view.ts';
import { gatherEvidence } from './evidence.ts';
import { type IdleParameter, idleParameters } from './idle-parameters.ts';
import { type NarrowerSpace, narrowerSpace } from './narrower-space.ts';
import { hoursOf, showCount, showHours, showNames, showPercent } from './phrases.ts';
import { type SpentTrials, spentTrials } from './spent-trials.ts';
import { type UnexploredSpace, unexploredSpace } from './unexplored-space.ts';
import { type UselessRange, uselessRanges } from './useless-ranges.ts';

/** What a study has shown about its space, in numbers and in words. */
export interface StudyInsights {
  /** How many trials it is drawn from: those that ended completed, pruned or infeasible. */
  readonly trials: number;
  /** How many of them are the good ones: the best tenth, or with several objectives the best ranks. */
  readonly goodTrials: number;
  /** Of all trials that ended. */
  readonly deviceHours: number;
  readonly importances: readonly ParameterImportance[];
  readonly idleParameters: readonly IdleParameter[];
  readonly uselessRanges: readonly UselessRange[];
  /** What the trials in useless ranges took, each counted once. */
  readonly uselessDeviceHours: number;
  readonly spentTrials: readonly SpentTrials[];
  readonly unexplored: UnexploredSpace;
  readonly suggestedSpace: NarrowerSpace;
  /** All of it as sentences, what matters most first. */
  readonly sentences: readonly string[];
}

/**
 * Draws everything that the trials so far tell about the space. The same history gives the same insights, in whatever
 * order it came. `durationsMs` has what every trial that ran took, by number.
 */
export function studyInsights(
  study: StudyView,
  objectives: readonly Objective[],
  durationsMs: ReadonlyMap<number, number>,
): StudyInsights {
  const evidence = gatherEvidence(study, objectives, durationsMs);
  const importances = importancesOf(evidence.order, evidence.columns);
  const idle = idleParameters(evidence, importances);
  const useless = uselessRanges(evidence);
  const spent = spentTrials(study, evidence, durationsMs);
  const unexplored = unexploredSpace(evidence, importances);
  const suggestedSpace = narrowerSpace(evidence, useless);

  let totalMs = 0;
  for (const duration of durationsMs.values()) totalMs += Math.round(duration);
  const deviceHours = hoursOf(totalMs);
  let uselessMs = 0;
  for (const i of new Set(useless.flatMap(({ places }) => places))) uselessMs += evidence.durationsMs[i]!;

  const trials = evidence.order.trials.length;
  return {
    trials,
    goodTrials: evidence.goodCount,
    deviceHours,
    importances,
    idleParameters: idle,
    uselessRanges: useless,
    uselessDeviceHours: hoursOf(uselessMs),
    spentTrials: spent,
    unexplored,
    suggestedSpace,
    sentences: [
      overview(trials, deviceHours, importances),
      ...useless.map(({ sentence }) => sentence),
      ...idleOverview(idle),
      ...spent.map(({ sentence }) => sentence),
      unexplored.sentence,
      suggestedSpace.sentence,
    ],
  };
}

function overview(trials: number, deviceHours: number, importances: readonly ParameterImportance[]): string {
  if (trials === 0) return 'No trial has ended yet.';
  const cost = deviceHours > 0 ? ` and ${showHours(deviceHours)}` : '';
  const base = `After ${showCount(trials, 'trial')}${cost}`;
  const matter = importances.filter(({ importance }) => importance >= 0.1).slice(0, 3);
  if (matter.length === 0) return `${base} nothing shows yet which parameters matter.`;
  const share = showPercent(matter.reduce((sum, { importance }) => sum + importance, 0));
  const names = showNames(matter.map(({ parameter }) => parameter));
  return `${base}, ${names} ${matter.length === 1 ? 'has' : 'have'} ${share} of the importance.`;
}

function idleOverview(idle: readonly IdleParameter[]): string[] {
  if (idle.length <= 1) return idle.map(({ sentence }) => sentence);
  const names = showNames(idle.map(({ parameter }) => parameter));
  return [`${names} never mattered: whatever their values, the trials did equally well.`];
}
