import type { StudyData } from '../../../../client/index.ts';
import { paramText } from '../../../charts/analysis/scatter.ts';
import type { TrialTable } from '../../../charts/data/trial-table.ts';
import { formatValue } from '../../../format/number.ts';
import { Rows, type RowsColumn } from '../../../parts/rows.tsx';

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
  const columns: readonly RowsColumn<number>[] = [
    {
      id: 'number',
      name: 'Trial',
      isText: true,
      cell: (number) => (
        <button type="button" className="numeric" onClick={() => onOpen(number)}>
          {number}
        </button>
      ),
    },
    ...(score === undefined
      ? []
      : [
          {
            id: 'score',
            name: score.name,
            cell: (_: number, place: number) => formatValue(score.values[place]),
          },
        ]),
    ...study.objectives.map(({ metric }) => ({
      id: `value:${metric}`,
      name: metric,
      isMain: true,
      cell: (number: number) => formatValue(table.value(metric)[number]),
    })),
    ...parameters.map((name) => ({
      id: `param:${name}`,
      name,
      cell: (number: number, place: number) => paramOf?.(name, place) ?? paramText(table, name, number),
    })),
  ];
  return <Rows label={label} columns={columns} rows={numbers} keyOf={(number) => number} />;
}
