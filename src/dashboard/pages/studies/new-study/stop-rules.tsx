import { NumberInput, Select } from '@mantine/core';
import type { Json } from '../../../../client/index.ts';
import type { DraftPartProps } from './basics.tsx';
import { type JsonFields, numberOf, withField } from './draft.ts';
import { Fields, Section } from './section.tsx';

const rules = [
  { name: 'maxTrials', label: 'Trials' },
  { name: 'timeoutSeconds', label: 'Seconds of wall time' },
  { name: 'deviceSeconds', label: 'Seconds of all trials together' },
  { name: 'patience', label: 'Trials without a better one' },
] as const;

/** When the study ends: whichever comes first. */
export function StopRules({ draft, onChange }: DraftPartProps) {
  const { stopRules, objectives } = draft;
  const set = (name: string, value: Json | undefined) =>
    onChange({ stopRules: withField(stopRules, name, value) });
  const target = (stopRules.target ?? null) as JsonFields | null;
  const [objective] = objectives;
  return (
    <Section title="Stop after" hint="Whichever comes first; empty ones do not count.">
      <Fields>
        {rules.map(({ name, label }) => (
          <NumberInput
            key={name}
            label={label}
            min={1}
            value={numberOf(stopRules[name])}
            onChange={(value) => set(name, typeof value === 'number' ? value : undefined)}
          />
        ))}
        <NumberInput
          label={`${typeof target?.metric === 'string' ? target.metric : (objective?.metric ?? 'Objective')} reached`}
          hideControls
          value={numberOf(target?.value)}
          onChange={(value) =>
            set(
              'target',
              typeof value === 'number' ? { metric: target?.metric ?? objective!.metric, value } : undefined,
            )
          }
        />
        <RegretBound draft={draft} onRule={(rule) => set('regretBound', rule)} />
      </Fields>
    </Section>
  );
}

interface RegretBoundProps {
  readonly draft: DraftPartProps['draft'];
  onRule(rule: JsonFields | undefined): void;
}

/** Ends the study when no more can be gained than a number, or than the error that the best trial reports. */
function RegretBound({ draft: { stopRules, objectives, constraints }, onRule }: RegretBoundProps) {
  const rule = (stopRules.regretBound ?? null) as JsonFields | null;
  const { threshold: _, errorMetric: __, ...others } = rule ?? {};
  const chosen = typeof rule?.errorMetric === 'string' ? rule.errorMetric : null;
  const errorMetrics = [
    ...new Set([...constraints.map(({ metric }) => metric), ...(chosen === null ? [] : [chosen])]),
  ];
  const isForOne = objectives.length === 1;
  if (!isForOne && rule === null) return null;
  return (
    <>
      <NumberInput
        label="No more to gain than"
        placeholder={isForOne ? `in ${objectives[0]!.metric || 'the objective'}` : 'for one objective only'}
        hideControls
        min={0}
        value={numberOf(rule?.threshold)}
        onChange={(value) => {
          // Taken away by the other field, it says so once more.
          if (typeof value !== 'number' && rule?.threshold === undefined) return;
          onRule(typeof value === 'number' ? { ...others, threshold: value } : undefined);
        }}
      />
      {errorMetrics.length > 0 && (
        <Select
          label="… or than the error in"
          placeholder="none"
          clearable
          data={errorMetrics}
          value={chosen}
          onChange={(errorMetric) => {
            if (errorMetric === null && chosen === null) return;
            onRule(errorMetric === null ? undefined : { ...others, errorMetric });
          }}
        />
      )}
    </>
  );
}
