import { Skeleton } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { TrialgraphError } from '../../../client/index.ts';
import { Panel } from '../../charts/parts/panel.tsx';
import { useLiveStudy } from '../../live/use-live-study.ts';
import { TagList } from '../../parts/tag-list.tsx';
import { TrialStateMark } from '../../parts/trial-state-mark.tsx';
import { NotFound } from '../../shell/not-found.tsx';
import { Page } from '../../shell/page.tsx';
import { Problem } from '../../shell/problem.tsx';
import { isPaused } from './is-paused.ts';
import { TrialLog } from './log/trial-log.tsx';
import { TrialActions } from './trial-actions.tsx';
import { TrialArtifacts } from './trial-artifacts.tsx';
import { TrialCurves } from './trial-curves.tsx';
import { TrialFacts } from './trial-facts.tsx';
import { TrialNotes } from './trial-notes.tsx';
import classes from './trial-page.module.css';
import { TrialProgressBar } from './trial-progress-bar.tsx';
import { TrialParams, TrialResults } from './trial-results.tsx';
import { type ShownTrial, useProgress, useTrial } from './use-trial.ts';

const route = getRouteApi('/trials/$id');

/** A trial, live while it runs. */
export function TrialPage() {
  const { id } = route.useParams();
  const { trial, error, refetch } = useTrial(id);
  const isMissing = error instanceof TrialgraphError && error.code === 'BAD_USER_INPUT';
  if (trial === null || isMissing) return <NotFound kind="trial" />;
  if (trial === undefined) {
    if (error !== null) return <Problem error={error} onRetry={refetch} />;
    return (
      <Page title="Trial" heading={<Skeleton height={18} width={220} />}>
        {null}
      </Page>
    );
  }
  // Another trial is another page: nothing of the one before stays, such as what was written into a form.
  return <LoadedTrial key={id} trial={trial} />;
}

function LoadedTrial({ trial }: { readonly trial: ShownTrial }) {
  const live = useLiveStudy(trial.study.id);
  const study = live.status === 'live' ? live.study : null;
  const progress = useProgress(trial.id, trial.attempt);
  if (live.status === 'missing') return <NotFound kind="trial" />;
  const isRunning = trial.state === 'RUNNING';
  const name = study?.name ?? trial.study.id;
  const latest = (isRunning ? progress?.latest : {}) as Readonly<Record<string, number | null>>;
  return (
    <Page
      title={`Trial ${trial.number} · ${name}`}
      heading={
        <div className={classes.crumbs}>
          <Link to="/studies/$id/trials" params={{ id: trial.study.id }} title={name}>
            {name}
          </Link>
          <span className={classes.dim}>/</span>
          <h1>Trial {trial.number}</h1>
          <TrialStateMark state={trial.state} {...pauseWord(trial)} />
          <TagList tags={trial.tags} />
        </div>
      }
      actions={<TrialActions trial={trial} study={study} />}
    >
      <div className={classes.columns}>
        <div className={classes.main}>
          {isRunning && progress !== null && (
            <Panel title="Progress">
              <TrialProgressBar progress={progress} />
            </Panel>
          )}
          <WhyItEnded trial={trial} />
          {live.status === 'failed' && <Problem error={live.error} />}
          {study !== null && <TrialResults study={study} trial={trial} latest={latest ?? {}} />}
          {study !== null && <TrialParams study={study} trial={trial} />}
          {study !== null && <TrialCurves study={study} trial={trial} latest={latest ?? {}} />}
          <TrialLog trial={trial.id} isRunning={isRunning} />
        </div>
        <div className={classes.side}>
          <TrialNotes trial={trial} />
          <TrialFacts trial={trial} />
          <TrialArtifacts artifacts={trial.artifacts} />
        </div>
      </div>
    </Page>
  );
}

/** What a trial is called that is paused, or about to be. */
function pauseWord(trial: ShownTrial): { readonly word?: string } {
  if (isPaused(trial)) return { word: 'Paused' };
  return trial.held ? { word: 'Pausing' } : {};
}

function WhyItEnded({ trial }: { readonly trial: ShownTrial }) {
  const { state, error, pruneReason, held } = trial;
  return (
    <>
      {held && (
        <Panel title={state === 'QUEUED' ? 'Why it is paused' : 'It is about to pause'}>
          <p className={classes.sentence}>
            Somebody has paused it. It stays so, whatever its study does, until it is resumed.
          </p>
        </Panel>
      )}
      {pruneReason !== null && !held && (
        <Panel title={state === 'QUEUED' ? 'Why it is paused' : 'Why it was pruned'}>
          <p className={classes.sentence}>{pruneReason}</p>
        </Panel>
      )}
      {error !== null && (
        <Panel title={state === 'QUEUED' || state === 'RUNNING' ? 'What ended the attempt before' : 'Error'}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard */}
          <pre className={classes.error} tabIndex={0} data-testid="trial-error">
            {error}
          </pre>
        </Panel>
      )}
    </>
  );
}
