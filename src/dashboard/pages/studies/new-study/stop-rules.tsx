import { Select } from '@mantine/core';
import type { Json } from '../../../../client/index.ts';
import { type DraftPartProps, fittingStopRules } from './draft.ts';
import { useFault, useFaultAt } from './faults.ts';
import { type JsonFields, withField } from './json-fields.ts';
import { NumberField } from './number-field.tsx';
import { Fields, Section } from './section.tsx';

const rules = [
  { name: 'maxTrials', label: 'Trials', integer: true, min: 1 },
  { name: 'timeoutSeconds', label: 'Seconds of wall time', above: 0 },
  { name: 'deviceSeconds', label: 'Seconds of all trials together', above: 0 },
  { name: 'patience', label: 'Trials without a better one', integer: true, min: 1 },
] as const;

/** When the study ends: whichever comes first. */
export function StopRules({ draft, onChange }: DraftPartProps) {
  const { stopRules } = draft;
  const set = (name: string, value: Json | undefined) =>
    onChange({ stopRules: withField(stopRules, name, value) });
  return (
    <Section title="Stop after" hint="Whichever comes first; empty ones do not count.">
      <Fields>
        {rules.map(({ name, ...rule }) => (
          <NumberField
            key={name}
            {...rule}
            path={`stopRules.${name}`}
            value={stopRules[name]}
            onChange={(value) => set(name, value)}
          />
        ))}
        <Target draft={draft} onRule={(rule) => set('target', rule)} />
        <RegretBound draft={draft} onRule={(rule) => set('regretBound', rule)} />
      </Fields>
    </Section>
  );
}

interface RuleProps {
  readonly draft: DraftPartProps['draft'];
  onRule(rule: JsonFields | undefined): void;
}

/** Ends the study when an objective has come to a value. */
function Target({ draft, onRule }: RuleProps) {
  const metrics = [...new Set(draft.objectives.map(({ metric }) => metric))];
  const target = (fittingStopRules(draft).target ?? null) as JsonFields | null;
  const metric = String(target?.metric ?? metrics[0]);
  const error = useFault('stopRules.target.metric');
  return (
    <>
      <NumberField
        label={`${metric || 'Objective'} reached`}
        path="stopRules.target.value"
        value={target?.value}
        onChange={(value) => onRule(value === undefined ? undefined : { metric, value })}
      />
      {metrics.length > 1 && target !== null && (
        <Select
          label="… in the objective"
          allowDeselect={false}
          error={error}
          data={metrics}
          value={metric}
          onChange={(chosen) => onRule({ ...target, metric: chosen! })}
        />
      )}
    </>
  );
}

/** Ends the study when no more can be gained than a number, or than the error that the best trial reports. */
function RegretBound({ draft: { stopRules, objectives, constraints }, onRule }: RuleProps) {
  const rule = (stopRules.regretBound ?? null) as JsonFields | null;
  const { threshold: _, errorMetric: __, ...others } = rule ?? {};
  const chosen = typeof rule?.errorMetric === 'string' ? rule.errorMetric : null;
  const errorMetrics = [
    ...new Set([...constraints.map(({ metric }) => metric), ...(chosen === null ? [] : [chosen])]),
  ];
  const isForOne = objectives.length === 1;
  const fault = useFaultAt('stopRules.regretBound', ['errorMetric']);
  if (!isForOne && rule === null) return null;
  return (
    <>
      <NumberField
        label="No more to gain than"
        placeholder={isForOne ? `in ${objectives[0]!.metric || 'the objective'}` : 'for one objective only'}
        help={isForOne ? undefined : 'Empty it: this study has several objectives.'}
        above={0}
        path="stopRules.regretBound.threshold"
        value={rule?.threshold}
        onChange={(value) => {
          // Taken away by the other field, it says so once more.
          if (value === undefined && rule?.threshold === undefined) return;
          onRule(value === undefined ? undefined : { ...others, threshold: value });
        }}
      />
      {errorMetrics.length > 0 && (
        <Select
          label="… or than the error in"
          placeholder="none"
          error={fault}
          clearable
          data={errorMetrics}
          value={chosen}
          onChange={(errorMetric) => {
            if (errorMetric === null && chosen === null) return;
            onRule(errorMetric === null ? undefined : { ...others, errorMetric });
          }}
        />
      )}
      {rule !== null && (
        <NumberField
          label="… judged after trials"
          placeholder="20"
          integer
          min={2}
          path="stopRules.regretBound.startupTrials"
          value={rule.startupTrials}
          onChange={(value) => onRule(withField(rule, 'startupTrials', value))}
        />
      )}
    </>
  );
}
