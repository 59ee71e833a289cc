import type { StudyData } from '../../../client/index.ts';
import { Panel } from '../../charts/parts/panel.tsx';
import { formatValue } from '../../format/number.ts';
import { formatParam } from '../../format/param.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { spaceParameters, studyMetrics } from '../study/trials/space-parameters.ts';
import classes from './trial-page.module.css';
import type { ShownTrial } from './use-trial.ts';

export interface TrialResultsProps {
  readonly study: StudyData;
  readonly trial: ShownTrial;
  /** The last value of each metric, while it runs. */
  readonly latest: Readonly<Record<string, number | null>>;
}

/** The final values, or the last ones so far, of all metrics; those that the study judges by come first and larger. */
export function TrialResults({ study, trial, latest }: TrialResultsProps) {
  const judged = studyMetrics(study);
  const final = (trial.values ?? {}) as Readonly<Record<string, number>>;
  const reported = Object.fromEntries(trial.metricSeries.map(({ name, last }) => [name, last]));
  const values: Readonly<Record<string, number | null>> = { ...reported, ...latest, ...final };
  const others = Object.keys(values).filter((name) => !judged.includes(name));
  if (Object.keys(values).length === 0) return null;
  return (
    <Panel title="Values" note={trial.values === null ? 'the last that were reported' : undefined}>
      <Values names={judged.filter((name) => name in values)} values={values} className={classes.judged} />
      <Values names={others} values={values} />
    </Panel>
  );
}

interface ValuesProps {
  readonly names: readonly string[];
  readonly values: Readonly<Record<string, number | null>>;
  readonly className?: string | undefined;
}

function Values({ names, values, className = '' }: ValuesProps) {
  if (names.length === 0) return null;
  return (
    <dl className={`${classes.values} ${className}`}>
      {names.map((name) => (
        <div key={name}>
          <dt title={name}>{name}</dt>
          <dd title={String(values[name])}>{formatValue(values[name])}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The parameters in the order of the search space, those that are in it no more at the end. */
export function TrialParams({ study, trial }: Omit<TrialResultsProps, 'latest'>) {
  const order = spaceParameters(study).map(({ name }) => name);
  const names = Object.keys(trial.params).sort((a, b) => place(order, a) - place(order, b));
  const note =
    trial.state === 'QUEUED' && names.length < order.length
      ? 'the sampler chooses the others when it starts'
      : undefined;
  return (
    <Panel
      title="Parameters"
      note={note}
      controls={
        names.length > 0 && (
          <CopyButton
            text={JSON.stringify(
              Object.fromEntries(names.map((name) => [name, trial.params[name]])),
              null,
              2,
            )}
            size="compact-xs"
            variant="subtle"
            color="gray"
          >
            Copy as JSON
          </CopyButton>
        )
      }
    >
      {names.length === 0 && <p className={classes.sentence}>None is fixed yet.</p>}
      <dl className={classes.params}>
        {names.map((name) => (
          <div key={name}>
            <dt title={name}>{name}</dt>
            <dd title={String(trial.params[name])}>{formatParam(trial.params[name])}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function place(order: readonly string[], name: string): number {
  const index = order.indexOf(name);
  return index < 0 ? order.length : index;
}
