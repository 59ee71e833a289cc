import { Link } from '@tanstack/react-router';
import type { StudyData } from '../../../../client/index.ts';
import { Panel } from '../../../charts/parts/panel.tsx';
import { countOf } from '../../../format/number.ts';
import { useLiveQuery } from '../../../live/use-live-query.ts';
import { newestFailure } from '../../../operations/charts.ts';
import { isEnd } from './is-end.ts';
import classes from './overview.module.css';

/** What went wrong in the newest trial that failed; nothing where none did. */
export function FailuresPanel({ study }: { readonly study: StudyData }) {
  const { failed } = study.trialCounts;
  const { data } = useLiveQuery(
    newestFailure,
    { study: study.id },
    { study: study.id, isStaleAfter: isEnd, waitMs: 1000, enabled: failed > 0 },
  );
  const trial = data?.study?.trials.edges[0]?.node;
  if (failed === 0 || trial === undefined) return null;
  return (
    <Panel
      title="Failed"
      note={
        <Link to="/studies/$id/trials" params={{ id: study.id }} search={{ states: ['FAILED'] }}>
          {countOf(failed, 'trial')}
        </Link>
      }
    >
      <p className={classes.failure}>
        <Link to="/trials/$id" params={{ id: trial.id }}>
          Trial {trial.number}
        </Link>{' '}
        failed last: <code>{lastLine(trial.error)}</code>
      </p>
    </Panel>
  );
}

/** Of a stack, the line that says what it is about: Python writes it last, JavaScript first. */
function lastLine(error: string | null): string {
  const lines = (error ?? '').trim().split('\n');
  const line = lines[0]!.startsWith('Traceback') ? lines.at(-1)! : lines[0]!;
  return line.trim() || 'no error was told';
}
