import type { Json, JsonScalar } from '../../client/index.ts';

type JsonFields = Readonly<Record<string, Json>>;

export type Operator = 'is' | 'in' | 'lt' | 'lte' | 'gt' | 'gte';

/** One test of a parameter's `when`: the parent has such a value. */
export interface ConditionPart {
  readonly parent: string;
  readonly operator: Operator;
  readonly value: JsonScalar | readonly JsonScalar[];
}

export const operatorSigns: Readonly<Record<Operator, string>> = {
  is: '=',
  in: 'is one of',
  lt: '<',
  lte: '≤',
  gt: '>',
  gte: '≥',
};

/** The tests of a `when`, one by one. */
export function conditionParts(when: Json | undefined): readonly ConditionPart[] {
  return Object.entries((when ?? {}) as JsonFields).flatMap(([parent, test]) => {
    if (test === null || typeof test !== 'object') return [{ parent, operator: 'is' as const, value: test }];
    return Object.entries(test as JsonFields).map(([operator, value]) => ({
      parent,
      operator: operator as Operator,
      value: value as ConditionPart['value'],
    }));
  });
}

/** The `when` of tests; undefined for none. Of several with one parent, comparisons are joined and otherwise the last one counts. */
export function whenOf(parts: readonly ConditionPart[]): JsonFields | undefined {
  const when: Record<string, Json> = {};
  for (const { parent, operator, value } of parts) {
    const before = when[parent];
    const joined = operator !== 'in' && isComparisons(before) ? before : {};
    when[parent] = operator === 'is' ? (value as Json) : { ...joined, [operator]: value as Json };
  }
  return Object.keys(when).length === 0 ? undefined : when;
}

/** As people read it: layers ≥ 2, shape = free. */
export function conditionText(when: Json | undefined): string {
  return conditionParts(when)
    .map(({ parent, operator, value }) => {
      const shown = Array.isArray(value) ? value.map(String).join(', ') : String(value);
      return `${parent} ${operatorSigns[operator]} ${shown}`;
    })
    .join(', ');
}

function isComparisons(test: Json | undefined): test is JsonFields {
  return test !== null && typeof test === 'object' && !Array.isArray(test) && !('in' in test);
}
