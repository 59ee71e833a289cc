import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import type { StudyData } from '../../../../client/index.ts';
import { usePlotColors } from '../../../charts/parts/plot-colors.ts';
import { seriesColor } from '../../../theme/chart-palette.ts';
import { trialStates } from '../../../theme/trial-states.ts';
import classes from './compare.module.css';
import { type ComparedTrial, comparedGroups } from './compared-rows.ts';

export interface CompareTableProps {
  readonly study: StudyData;
  readonly trials: readonly ComparedTrial[];
  readonly onlyDifferences: boolean;
  onRemove(number: number): void;
}

/** Trials side by side: what differs stands out, and the best values are marked. */
export function CompareTable({ study, trials, onlyDifferences, onRemove }: CompareTableProps) {
  const { scheme } = usePlotColors();
  const groups = comparedGroups(study, trials)
    .map(({ title, rows }) => ({
      title,
      rows: onlyDifferences ? rows.filter(({ differs }) => differs) : rows,
    }))
    .filter(({ rows }) => rows.length > 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
    <section className={classes.scroller} tabIndex={0} aria-label="Trials side by side" data-fading="after">
      <table className={classes.table} data-testid="compare-table">
        <thead>
          <tr>
            <th scope="col" className={classes.name}>
              <span className="visually-hidden">What is compared</span>
            </th>
            {trials.map(({ id, number, state }) => (
              <th key={id} scope="col">
                <span className={classes.trial}>
                  <i style={{ background: seriesColor(number, scheme) }} />
                  <Link to="/trials/$id" params={{ id }} title={trialStates[state].label}>
                    Trial {number}
                  </Link>
                  <ActionIcon
                    size="xs"
                    aria-label={`Take trial ${number} away`}
                    onClick={() => onRemove(number)}
                  >
                    <IconX size={12} />
                  </ActionIcon>
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map(({ title, rows }) => (
            <Fragment key={title}>
              <tr className={classes.group}>
                <th scope="colgroup" colSpan={trials.length + 1}>
                  {title}
                </th>
              </tr>
              {rows.map(({ name, cells, titles, differs, best }) => (
                <tr key={name} data-differs={differs || undefined}>
                  <th scope="row" className={classes.name} title={name}>
                    {name}
                  </th>
                  {cells.map((cell, i) => (
                    <td
                      key={trials[i]!.id}
                      title={titles[i]}
                      className="numeric"
                      data-best={best.has(i) || undefined}
                    >
                      {best.has(i) && <span className={classes.best}>best</span>}
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </section>
  );
}
