import { Button } from '@mantine/core';
import { useMemo } from 'react';
import { TimelineChart, type TimelineTrial } from '../../../charts/analysis/timeline-chart.tsx';
import { Failed, Nothing, Panel } from '../../../charts/parts/panel.tsx';
import { countOf, formatCount } from '../../../format/number.ts';
import { useLiveQuery } from '../../../live/use-live-query.ts';
import { useNow } from '../../../live/use-now.ts';
import { trialTimes } from '../../../operations/analysis.ts';
import { TrialStateMark } from '../../../parts/trial-state-mark.tsx';
import classes from './analysis.module.css';
import type { AnalysisProps } from './analysis-context.ts';

/** One page of the server's. */
const shownTrials = 1000;
const nowEveryMs = 2000;

/** When and where trials ran: the newest at first, and those before them at will. */
export default function TimelinePanel({ study, search, onChange, onOpen }: AnalysisProps) {
  const older = Math.max(0, Math.floor(search.older ?? 0));
  const { data, error, refetch } = useLiveQuery(
    trialTimes,
    { study: study.id, first: shownTrials, offset: older },
    { study: study.id, isStaleAfter: ({ trial }) => trial !== null, waitMs: 500 },
  );
  const now = useNow(nowEveryMs);
  const nodes = data?.study?.trials.edges;
  const hasRunning = nodes?.some(({ node }) => node.state === 'RUNNING') === true;
  const until = hasRunning ? now : 0;
  const trials = useMemo(
    () =>
      (nodes ?? []).flatMap(({ node }): TimelineTrial[] => {
        if (node.startedAt === null) return [];
        const startMs = Date.parse(node.startedAt);
        const endMs = node.finishedAt === null ? Math.max(startMs, until) : Date.parse(node.finishedAt);
        return [
          {
            number: node.number,
            state: node.state,
            place: node.device ?? node.worker ?? 'workers',
            startMs,
            endMs,
          },
        ];
      }),
    [nodes, until],
  );
  const total = data?.study?.trials.totalCount ?? 0;
  const states = [...new Set(trials.map(({ state }) => state))];
  return (
    <Panel
      title="Timeline"
      note={
        total <= shownTrials
          ? countOf(total, 'trial')
          : older === 0
            ? `the newest ${formatCount(shownTrials)} of ${formatCount(total)} trials`
            : `trials ${formatCount(nodes?.at(-1)?.node.number ?? 0)} to ${formatCount(nodes?.[0]?.node.number ?? 0)} of ${formatCount(total)}`
      }
      controls={
        total > shownTrials && (
          <Button.Group>
            <Button
              variant="default"
              disabled={older + shownTrials >= total}
              onClick={() => onChange({ older: older + shownTrials })}
            >
              Older
            </Button>
            <Button
              variant="default"
              disabled={older === 0}
              onClick={() => onChange({ older: older > shownTrials ? older - shownTrials : undefined })}
            >
              Newer
            </Button>
          </Button.Group>
        )
      }
      foot={
        <span className={classes.legend}>
          {states.map((state) => (
            <TrialStateMark key={state} state={state} />
          ))}
        </span>
      }
    >
      {error !== null && data === undefined ? (
        <Failed error={error} height={240} onRetry={refetch} />
      ) : data !== undefined && trials.length === 0 ? (
        <Nothing height={240}>
          {older > 0 ? 'There are no trials that old.' : 'The first trial that starts appears here.'}
        </Nothing>
      ) : (
        <TimelineChart trials={trials} onOpen={onOpen} />
      )}
    </Panel>
  );
}
