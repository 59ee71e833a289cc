import { Select } from '@mantine/core';
import type { DraftPartProps } from './draft.ts';
import { fieldPath, useFault, useFaultAt } from './faults.ts';
import { type JsonFields, withField } from './json-fields.ts';
import { NumberField } from './number-field.tsx';
import { fittingScalarisation, scalarisationOfKind } from './scalarisation.ts';
import { Fields } from './section.tsx';

const none = 'front';
const kinds = [
  { value: none, label: 'front: all of them' },
  { value: 'linear', label: 'linear: weighted sum' },
  { value: 'tchebycheff', label: 'tchebycheff: worst weighted' },
  { value: 'epsilonConstraint', label: 'one, within bounds' },
];

/** What the sampler goes for where there are several objectives. */
export function ScalarisationFields({ draft: { scalarisation, objectives }, onChange }: DraftPartProps) {
  const error = useFaultAt('scalarisation', ['kind', 'weights', 'bounds']);
  const set = (next: JsonFields | null) => onChange({ scalarisation: next });
  return (
    <Fields label="What the sampler goes for" isWide>
      <Select
        label="Sampler goes for"
        description={error === null ? 'The front stays over all objectives.' : undefined}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        error={error}
        allowDeselect={false}
        data={kinds}
        value={scalarisation === null ? none : String(scalarisation.kind)}
        onChange={(kind) => set(kind === none ? null : scalarisationOfKind(kind!, objectives))}
      />
      {scalarisation !== null &&
        (scalarisation.kind === 'epsilonConstraint' ? (
          <Bounds {...{ scalarisation, objectives }} onChange={set} />
        ) : (
          <Weights {...{ scalarisation, objectives }} onChange={set} />
        ))}
    </Fields>
  );
}

interface PartProps {
  readonly scalarisation: JsonFields;
  readonly objectives: DraftPartProps['draft']['objectives'];
  onChange(scalarisation: JsonFields): void;
}

function Weights({ scalarisation, objectives, onChange }: PartProps) {
  const weights = (scalarisation.weights ?? {}) as JsonFields;
  return (
    <>
      {objectives.map(({ metric }, i) => (
        <NumberField
          // biome-ignore lint/suspicious/noArrayIndexKey: metrics may be equal while they are edited
          key={i}
          label={`Weight of ${metric}`}
          placeholder="1"
          help={i === 0 ? 'Only the ratios matter.' : undefined}
          path={fieldPath('scalarisation.weights', metric)}
          min={0}
          value={weights[metric]}
          onChange={(weight) =>
            onChange(withField(scalarisation, 'weights', withField(weights, metric, weight)))
          }
        />
      ))}
      {scalarisation.kind === 'tchebycheff' && (
        <NumberField
          label="Share of the sum"
          placeholder="0.05"
          help="Above 0, no result that another equals or beats counts as best."
          path="scalarisation.rho"
          min={0}
          value={scalarisation.rho}
          onChange={(rho) => onChange(withField(scalarisation, 'rho', rho))}
        />
      )}
      <Select
        label="Scale of each objective"
        description="Different units cannot be weighed as they are."
        inputWrapperOrder={['label', 'input', 'description']}
        allowDeselect={false}
        data={[
          { value: 'front', label: 'the front’s range' },
          { value: 'none', label: 'as it is' },
        ]}
        value={scalarisation.normalise === false ? 'none' : 'front'}
        onChange={(scale) =>
          onChange(withField(scalarisation, 'normalise', scale === 'none' ? false : undefined))
        }
      />
    </>
  );
}

function Bounds({ scalarisation, objectives, onChange }: PartProps) {
  const bounds = (scalarisation.bounds ?? {}) as JsonFields;
  const aim = fittingScalarisation(scalarisation, objectives)!.objective;
  const others = objectives.filter(({ metric }) => metric !== aim);
  return (
    <>
      <Select
        label="Objective"
        error={useFault('scalarisation.objective')}
        allowDeselect={false}
        data={[...new Set(objectives.map(({ metric }) => metric))]}
        value={String(aim)}
        onChange={(objective) => onChange(withField(scalarisation, 'objective', objective!))}
      />
      {others.map(({ metric, direction }, i) => (
        <NumberField
          // biome-ignore lint/suspicious/noArrayIndexKey: metrics may be equal while they are edited
          key={i}
          label={`${metric} at ${direction === 'MINIMIZE' ? 'most' : 'least'}`}
          placeholder="no bound"
          help={i === 0 ? 'The worst that is allowed.' : undefined}
          path={fieldPath('scalarisation.bounds', metric)}
          value={bounds[metric]}
          onChange={(bound) => onChange(withField(scalarisation, 'bounds', withField(bounds, metric, bound)))}
        />
      ))}
    </>
  );
}
