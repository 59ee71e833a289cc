import type { StudyData } from '../../../../client/index.ts';
import { paramText } from '../../../charts/analysis/scatter.ts';
import type { TrialTable } from '../../../charts/data/trial-table.ts';
import { formatValue } from '../../../format/number.ts';
import overview from '../overview/overview.module.css';
import classes from './analysis.module.css';

export interface TrialRowsProps {
  readonly study: StudyData;
  readonly table: TrialTable;
  readonly numbers: readonly number[];
  readonly parameters: readonly string[];
  readonly label: string;
  /** Another column behind the trial's number. */
  readonly score?: { readonly name: string; readonly values: readonly number[] };
  /** A parameter of the row at this place as text; absent: the table has it. */
  paramOf?(name: string, place: number): string;
  onOpen(trial: number): void;
}

/** Trials of the table as rows, in the order that is given. */
export function TrialRows(props: TrialRowsProps) {
  const { study, table, numbers, parameters, label, score, paramOf, onOpen } = props;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section className={overview.scroll} tabIndex={0} aria-label={`Rows: ${label}`} data-fading>
      <table className={overview.table}>
        <thead>
          <tr>
            <th>Trial</th>
            {score && <th data-number>{score.name}</th>}
            {study.objectives.map(({ metric }) => (
              <th key={metric} title={metric} data-number>
                {metric}
              </th>
            ))}
            {parameters.map((name) => (
              <th key={name} title={name} data-number>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {numbers.map((number, i) => (
            <tr key={number}>
              <td>
                <button type="button" className={classes.number} onClick={() => onOpen(number)}>
                  {number}
                </button>
              </td>
              {score && <td data-number>{formatValue(score.values[i])}</td>}
              {study.objectives.map(({ metric }) => (
                <td key={metric} data-number className={overview.best}>
                  {formatValue(table.value(metric)[number])}
                </td>
              ))}
              {parameters.map((name) => (
                <td key={name} data-number>
                  {paramOf?.(name, i) ?? paramText(table, name, number)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
