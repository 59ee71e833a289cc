import { Button, Select } from '@mantine/core';
import type { StudyData } from '../../../../client/index.ts';
import { parametersOf } from '../../../charts/data/parameters.ts';
import { Failed, Nothing, Panel } from '../../../charts/parts/panel.tsx';
import { formatShare } from '../../../format/number.ts';
import { useLiveQuery } from '../../../live/use-live-query.ts';
import { studyImportances } from '../../../operations/charts.ts';
import { isEnd } from './is-end.ts';
import classes from './overview.module.css';

const front = 'the way to the front';
/** Of many parameters few matter, and those come first. */
const shownAtFirst = 10;

export interface ImportancePanelProps {
  readonly study: StudyData;
  readonly metric: string | undefined;
  /** Whether those that matter less are shown. */
  readonly isWhole: boolean;
  /** Whether what is more urgent is there. */
  readonly enabled: boolean;
  onMetric(metric: string | undefined): void;
  onWhole(isWhole: boolean): void;
}

/** How much each parameter matters. */
export function ImportancePanel(props: ImportancePanelProps) {
  const { study, metric, isWhole, enabled, onMetric, onWhole } = props;
  const variables = { study: study.id, ...(metric !== undefined && { objective: metric }) };
  const { data, error, refetch } = useLiveQuery(studyImportances, variables, {
    study: study.id,
    isStaleAfter: isEnd,
    waitMs: 1500,
    enabled,
  });
  const importances = data?.study?.importances ?? [];
  const shown = isWhole ? importances : importances.slice(0, shownAtFirst);
  const greatest = Math.max(...importances.map(({ importance }) => importance), 0);
  const metrics = study.objectives.map((objective) => objective.metric);
  const controls = metrics.length > 1 && (
    <Select
      aria-label="What parameters matter for"
      w={170}
      data={[front, ...metrics]}
      value={metric ?? front}
      onChange={(choice) => onMetric(choice === null || choice === front ? undefined : choice)}
      allowDeselect={false}
    />
  );
  return (
    <Panel title="Importance" controls={controls || undefined}>
      {error !== null && data === undefined ? (
        <Failed error={error} onRetry={refetch} />
      ) : data === undefined ? (
        <div className={classes.room} />
      ) : greatest === 0 ? (
        <Nothing>
          {parametersOf(study.searchSpace).length === 0
            ? 'The search space fixes all parameters, so none can matter.'
            : 'Not enough trials have ended to tell which parameters matter.'}
        </Nothing>
      ) : (
        <dl className={classes.importances}>
          {shown.map(({ parameter, importance }) => (
            <Bar key={parameter} name={parameter} share={importance} width={importance / greatest} />
          ))}
        </dl>
      )}
      {greatest > 0 && importances.length > shownAtFirst && (
        <Button
          className={classes.rest!}
          size="compact-xs"
          variant="subtle"
          color="gray"
          onClick={() => onWhole(!isWhole)}
        >
          {isWhole
            ? 'Only those that matter most'
            : `${importances.length - shownAtFirst} more that matter less`}
        </Button>
      )}
    </Panel>
  );
}

function Bar({
  name,
  share,
  width,
}: {
  readonly name: string;
  readonly share: number;
  readonly width: number;
}) {
  return (
    <>
      <dt title={name}>{name}</dt>
      <dd>
        <i style={{ width: `${Math.max(0.5, 100 * width)}%` }} />
        <span className="numeric">{share < 0.01 ? '< 1%' : formatShare(share)}</span>
      </dd>
    </>
  );
}
