import { InputError } from '../errors.ts';
import type { ParameterColumn } from '../importance/parameter-column.ts';
import { axisOf } from '../search-space/axis.ts';
import { constrainedParameters } from '../search-space/constraints/linear-constraint.ts';
import { impossibleParameters } from '../search-space/contradictions.ts';
import { parseSearchSpace } from '../search-space/parse-search-space.ts';
import {
  type CategoricalParameter,
  constraintsKey,
  type FloatParameter,
  type IntParameter,
  type Parameter,
  type ParameterInput,
  type SearchSpaceInput,
} from '../search-space/space.ts';
import type { Evidence } from './evidence.ts';
import { showCount, showPercent } from './phrases.ts';
import { withRemainingBeliefs } from './remaining-beliefs.ts';
import { remainingCondition, remainingConstraints } from './remaining-conditions.ts';
import { showValues, type UselessRange } from './useless-ranges.ts';

/** A space without the useless ends of ranges and the useless choices: as `createStudy` and `cloneStudy` take it. */
export interface NarrowerSpace {
  readonly searchSpace: SearchSpaceInput;
  /** Which parameters differ; empty where nothing speaks for a narrower space. */
  readonly changes: readonly ParameterChange[];
  /** The product, over the parameters, of the shares of their ranges that are left. */
  readonly keptVolume: number;
  readonly sentence: string;
}

export interface ParameterChange {
  readonly parameter: string;
  /** Of its range or choices; 0 where the parameter exists no more. */
  readonly keptShare: number;
  readonly sentence: string;
}

/** What is left beyond the outermost good trial, of the whole range; of few values, at least one. */
const margin = 0.05;
/** Smaller cuts are not worth a change. */
const leastCut = 0.05;

/**
 * Cuts the ends of a range where all beyond some useless range is without a good trial, and drops useless choices; so
 * every good trial stays inside, by a margin. A condition keeps what its parent can still meet; a parameter whose
 * condition can never hold any more disappears, from the constraints too. Defaults and priors stay as far as they fit.
 * Where good trials of before a constraint lead to where it cannot be kept, the parameters it is about stay as they are.
 */
export function narrowerSpace(evidence: Evidence, useless: readonly UselessRange[]): NarrowerSpace {
  const { space } = evidence.problem;
  let narrower = narrow(evidence, useless);
  if (narrower.changes.length > 0 && space.constraints.length > 0 && !isKeepable(narrower.searchSpace)) {
    const constrained = new Set(constrainedParameters(space).ordered.map(({ name }) => name));
    narrower = narrow(
      evidence,
      useless.filter(({ parameter }) => !constrained.has(parameter)),
    );
  }
  const { changes } = narrower;
  const narrowedOnes = changes.filter(({ keptShare }) => keptShare > 0);
  const keptVolume = narrowedOnes.reduce((product, { keptShare }) => product * keptShare, 1);
  return {
    ...narrower,
    keptVolume,
    sentence:
      changes.length === 0
        ? 'Nothing speaks for a narrower space yet.'
        : `${showPercent(keptVolume)} of the space holds all ${showCount(evidence.goodCount, 'good trial')}: ` +
          `${changes.map(({ sentence }) => sentence.slice(0, -1)).join('; ')}.`,
  };
}

function isKeepable(space: SearchSpaceInput): boolean {
  try {
    parseSearchSpace(space);
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

function narrow(
  { columns, good, problem }: Evidence,
  useless: readonly UselessRange[],
): Pick<NarrowerSpace, 'searchSpace' | 'changes'> {
  const kept = new Map<string, Parameter>();
  const changes: ParameterChange[] = [];
  for (const column of columns) {
    const { name, ...parameter } = column.parameter;
    const when = remainingCondition(column.parameter, kept);
    if (when !== null) {
      const ranges = useless.filter((range) => range.parameter === name);
      const { parameter: cut, keptShare } = narrowed(parameter, column, good, ranges);
      const values = keptShare === 1 ? cut : withRemainingBeliefs(parameter, cut, keptShare);
      kept.set(name, when === undefined ? values : { ...values, when });
      if (!impossibleParameters(kept).includes(name)) {
        if (keptShare < 1)
          changes.push({ parameter: name, keptShare, sentence: `\`${name}\` ${describeKept(values)}.` });
        continue;
      }
      kept.delete(name);
    }
    const sentence = `\`${name}\` is gone with what it depends on.`;
    changes.push({ parameter: name, keptShare: 0, sentence });
  }
  const constraints = remainingConstraints(problem.space.constraints, kept);
  const parameters = Object.fromEntries(
    [...kept].map(([name, parameter]) => [name, asWritten(parameter, problem.space.byName.get(name)!)]),
  );
  const searchSpace =
    constraints.length === 0 ? parameters : { ...parameters, [constraintsKey]: constraints };
  return { searchSpace: searchSpace as SearchSpaceInput, changes };
}

/** A choice of one that was one before is a constant. */
function asWritten(parameter: Parameter, before: Parameter): ParameterInput {
  if (parameter.type !== 'categorical' || before.type !== 'categorical' || before.choices.length > 1)
    return parameter;
  const { choices, type: _, when, ...rest } = parameter;
  if (Object.keys(rest).length > 0) return parameter;
  return { type: 'fixed', value: choices[0]!, ...(when === undefined ? {} : { when }) };
}

interface Narrowed {
  readonly parameter: Parameter;
  readonly keptShare: number;
}

function narrowed(
  parameter: Parameter,
  column: ParameterColumn,
  good: Uint8Array,
  useless: readonly UselessRange[],
): Narrowed {
  const unchanged = { parameter, keptShare: 1 };
  if (useless.length === 0) return unchanged;
  if (parameter.type === 'categorical' && !column.isOrdered) {
    const choices = parameter.choices.filter(
      (choice) => !useless.some((range) => range.choices!.includes(choice)),
    );
    return { parameter: { ...parameter, choices }, keptShare: choices.length / parameter.choices.length };
  }
  const { axis, edges } = column;
  let least = 1;
  let most = 0;
  column.coordinates.forEach((coordinate, i) => {
    if (good[i] === 0 || Number.isNaN(coordinate)) return;
    least = Math.min(least, coordinate);
    most = Math.max(most, coordinate);
  });
  const room = Math.max(margin, 1 / axis.cells);
  const below = useless.map(({ slots }) => edges[slots[1] + 1]!).filter((end) => end <= least);
  const above = useless.map(({ slots }) => edges[slots[0]]!).filter((start) => start >= most);
  let from = below.length === 0 ? 0 : Math.max(0, Math.min(Math.max(...below), least - room));
  let to = above.length === 0 ? 1 : Math.min(1, Math.max(Math.min(...above), most + room));
  if (from < leastCut) from = 0;
  if (to > 1 - leastCut) to = 1;
  if (from === 0 && to === 1) return unchanged;
  return parameter.type === 'categorical'
    ? betweenChoices(parameter, from, to)
    : between(parameter, from, to);
}

function betweenChoices(parameter: CategoricalParameter, from: number, to: number): Narrowed {
  const count = parameter.choices.length;
  const choices = parameter.choices.filter(
    (_, k) => (k + 1) / count > from + noise && k / count < to - noise,
  );
  return { parameter: { ...parameter, choices }, keptShare: choices.length / count };
}

const noise = 1e-9;

function between(parameter: FloatParameter | IntParameter, from: number, to: number): Narrowed {
  const axis = axisOf(parameter);
  const isContinuous = axis.cells === Number.POSITIVE_INFINITY;
  const at = (unit: number, round: (value: number) => number): number => {
    const value = axis.decode(unit) as number;
    return isContinuous ? shortNumber(value, parameter, round) : value;
  };
  const low = from === 0 ? parameter.low : Math.max(parameter.low, at(from + noise, Math.floor));
  const high = to === 1 ? parameter.high : Math.min(parameter.high, at(to - noise, Math.ceil));
  const share = axis.encode(high) - axis.encode(low) + (isContinuous ? 0 : 1 / axis.cells);
  return { parameter: { ...parameter, low, high }, keptShare: Math.min(1, share) };
}

/** Rounded outwards, to a hundredth of the range or, on a logarithmic one, to two digits. */
function shortNumber(
  value: number,
  { low, high, log }: FloatParameter | IntParameter,
  round: (value: number) => number,
) {
  const digit = 10 ** Math.floor(Math.log10(log ? value / 10 : (high - low) / 100));
  return Number((round(value / digit) * digit).toPrecision(12));
}

function describeKept(parameter: Parameter): string {
  if (parameter.type === 'categorical')
    return showValues({ low: null, high: null, choices: parameter.choices });
  return showValues({ low: parameter.low, high: parameter.high, choices: null });
}
