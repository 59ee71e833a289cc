import type { ReactNode } from 'react';
import type { StudyData, StudyEvent } from '../../../client/index.ts';
import { formatTime } from '../../format/age.ts';
import { formatDuration } from '../../format/duration.ts';
import { countOf, formatCount, formatValue } from '../../format/number.ts';
import { useLiveQuery } from '../../live/use-live-query.ts';
import { useNow } from '../../live/use-now.ts';
import { studyHead } from '../../operations/study-head.ts';
import { endedTrials } from '../../parts/ended-trials.ts';
import { Sparkline } from '../../parts/sparkline.tsx';
import { stopRule } from '../../parts/stop-rule.ts';
import { TrialCountsBar } from '../../parts/trial-counts-bar.tsx';
import { estimateEndMs } from './estimate-end.ts';
import classes from './study-head.module.css';

const isOfTrial = (event: StudyEvent) => event.trial !== null;
/** Objectives beyond are on the overview. */
const shownObjectives = 2;

/** How far a study is: trials by state, best values, elapsed time and what is left, devices, why it ended. */
export function StudyHead({ study }: { readonly study: StudyData }) {
  const { data } = useLiveQuery(studyHead, { id: study.id }, { study: study.id, isStaleAfter: isOfTrial });
  const head = data?.study ?? null;
  const { trialCounts: counts } = study;
  const target = stopRule(study.stopRules, 'maxTrials');
  const ended = endedTrials(counts);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls on a phone must be reachable by the keyboard
    <section className={classes.head} tabIndex={0} aria-label="How far the study is" data-fading>
      <div className={classes.trials}>
        <TrialCountsBar counts={counts} target={target} />
        <div className="numeric">
          <b>{formatCount(ended)}</b>
          {target === null ? ` ${ended === 1 ? 'trial' : 'trials'}` : ` of ${countOf(target, 'trial')}`}
          {counts.running > 0 && ` · ${formatCount(counts.running)} running`}
          {counts.queued > 0 && ` · ${formatCount(counts.queued)} queued`}
          {counts.failed > 0 && (
            <span className={classes.failed}>{` · ${formatCount(counts.failed)} failed`}</span>
          )}
        </div>
      </div>
      {head?.bestSoFar.slice(0, shownObjectives).map(({ metric, numbers, results, values }) => (
        <Figure key={metric} label={`Best ${metric}`}>
          <span className={classes.best} title={numbers.length > 0 ? `Trial ${numbers.at(-1)}` : undefined}>
            {formatValue(values.at(-1))}
            <Sparkline at={results} values={values} until={counts.completed} width={56} height={16} />
          </span>
        </Figure>
      ))}
      <Times study={study} deviceSeconds={head?.deviceSeconds ?? null} />
      {head !== null && counts.running > 0 && (
        <Figure label="Runs on">
          <Devices names={head.trials.edges.map(({ node }) => node.device)} />
        </Figure>
      )}
      {study.stopReason !== null && (
        <Figure label="Ended because">
          <span title={study.stopReason}>{study.stopReason}</span>
        </Figure>
      )}
    </section>
  );
}

function Figure({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className={classes.figure}>
      <div>{label}</div>
      <div className="numeric">{children}</div>
    </div>
  );
}

function Times({
  study,
  deviceSeconds,
}: {
  readonly study: StudyData;
  readonly deviceSeconds: number | null;
}) {
  const now = useNow(study.state === 'RUNNING' ? 1000 : 60_000);
  const { state, startedAt, finishedAt, updatedAt } = study;
  if (startedAt === null) return null;
  const end = state === 'RUNNING' ? now : Date.parse(finishedAt ?? updatedAt);
  const leftMs = estimateEndMs(study, deviceSeconds, now);
  return (
    <>
      <Figure label="Elapsed">
        <span title={`Since ${formatTime(startedAt)}`}>{formatDuration(end - Date.parse(startedAt))}</span>
      </Figure>
      {leftMs !== null && (
        <Figure label="Left">
          <span title={`Should end at ${formatTime(new Date(now + leftMs))}`}>
            ≈ {formatDuration(leftMs)}
          </span>
        </Figure>
      )}
      {deviceSeconds !== null && (
        <Figure label="Trials’ time">
          <span title="How long all trials have run together">{formatDuration(deviceSeconds * 1000)}</span>
        </Figure>
      )}
    </>
  );
}

function Devices({ names }: { readonly names: readonly (string | null)[] }) {
  const counts = new Map<string, number>();
  for (const name of names) {
    const shown = name ?? 'workers elsewhere';
    counts.set(shown, (counts.get(shown) ?? 0) + 1);
  }
  const text = [...counts].map(([name, count]) => `${count} × ${name}`).join(', ');
  return <span title={text}>{text || '–'}</span>;
}
