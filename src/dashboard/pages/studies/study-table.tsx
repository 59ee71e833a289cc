import { Link } from '@tanstack/react-router';
import { formatAge, formatTime } from '../../format/age.ts';
import { formatCount, formatValue } from '../../format/number.ts';
import { useNow } from '../../live/use-now.ts';
import type { StudyRow } from '../../operations/studies.ts';
import { endedTrials } from '../../parts/ended-trials.ts';
import { Sparkline } from '../../parts/sparkline.tsx';
import { stopRule } from '../../parts/stop-rule.ts';
import { StudyStateMark } from '../../parts/study-state-mark.tsx';
import { TagList } from '../../parts/tag-list.tsx';
import { TrialCountsBar } from '../../parts/trial-counts-bar.tsx';
import { StudyMenu } from './study-menu.tsx';
import classes from './study-table.module.css';

export interface StudyTableProps {
  readonly studies: readonly StudyRow[];
  readonly selected: ReadonlySet<string>;
  onSelect(id: string, isSelected: boolean): void;
}

const agesMs = 10_000;
/** Objectives beyond are on the study's page. */
const shownObjectives = 2;

export function StudyTable({ studies, selected, onSelect }: StudyTableProps) {
  const now = useNow(agesMs);
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th>
            <span className="visually-hidden">Selected to compare</span>
          </th>
          <th>Study</th>
          <th>State</th>
          <th>Trials</th>
          <th>Best so far</th>
          <th>Changed</th>
          <th>
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {studies.map((study) => (
          <tr key={study.id} data-selected={selected.has(study.id) || undefined}>
            <td className={classes.select}>
              <input
                type="checkbox"
                aria-label={`Select ${study.name} to compare`}
                checked={selected.has(study.id)}
                onChange={(event) => onSelect(study.id, event.currentTarget.checked)}
              />
            </td>
            <td className={classes.study}>
              <Link to="/studies/$id" params={{ id: study.id }} className={classes.name}>
                {study.name}
              </Link>
              <div className={classes.dim}>
                {study.project !== 'default' && <span>{study.project}</span>}
                <span>{study.objectives.map(({ metric }) => metric).join(', ')}</span>
                <TagList tags={study.tags} />
              </div>
            </td>
            <td className={classes.state}>
              <StudyStateMark state={study.state} />
            </td>
            <td className={classes.trials}>
              <Trials study={study} />
            </td>
            <td className={classes.best}>
              <Best study={study} />
            </td>
            <td className={classes.age} title={formatTime(study.updatedAt)}>
              {formatAge(study.updatedAt, now)}
            </td>
            <td className={classes.menu}>
              <StudyMenu study={study} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Trials({ study: { trialCounts, stopRules } }: { readonly study: StudyRow }) {
  const target = stopRule(stopRules, 'maxTrials');
  return (
    <>
      <TrialCountsBar counts={trialCounts} target={target} />
      <div className={`${classes.dim} numeric`}>
        <span>
          {formatCount(endedTrials(trialCounts))}
          {target !== null && ` of ${formatCount(target)}`}
        </span>
        {trialCounts.running > 0 && <span>{formatCount(trialCounts.running)} running</span>}
        {trialCounts.queued > 0 && <span>{formatCount(trialCounts.queued)} queued</span>}
        {trialCounts.failed > 0 && (
          <span className={classes.failed}>{formatCount(trialCounts.failed)} failed</span>
        )}
      </div>
    </>
  );
}

function Best({ study: { bestSoFar, trialCounts } }: { readonly study: StudyRow }) {
  const [first] = bestSoFar;
  if (first === undefined || first.values.length === 0) return <span className={classes.none}>–</span>;
  return (
    <div className={classes.bests}>
      <dl className="numeric">
        {bestSoFar.slice(0, shownObjectives).map(({ metric, values }) => (
          <div key={metric}>
            <dt title={metric}>{metric}</dt>
            <dd>{formatValue(values.at(-1))}</dd>
          </div>
        ))}
      </dl>
      <Sparkline at={first.results} values={first.values} until={trialCounts.completed} />
    </div>
  );
}
