import { getRouteApi } from '@tanstack/react-router';
import { useTrialTable } from '../../charts/data/use-trial-table.ts';
import { type Change, compact } from '../../shell/search-params.ts';
import { AboutPanel } from './overview/about-panel.tsx';
import { BestTrialsPanel } from './overview/best-trials-panel.tsx';
import { FailuresPanel } from './overview/failures-panel.tsx';
import { HistoryPanel } from './overview/history-panel.tsx';
import { ImportancePanel } from './overview/importance-panel.tsx';
import { InsightsPanel } from './overview/insights-panel.tsx';
import classes from './overview/overview.module.css';
import { StatePanel } from './overview/state-panel.tsx';
import type { readOverviewSearch } from './overview-search.ts';
import { useStudy } from './study-context.ts';

const route = getRouteApi('/studies/$id/');

type OverviewSearch = ReturnType<typeof readOverviewSearch>;

/** A study at a glance: how its objectives have come along, what matters, and what is best. */
export function OverviewTab() {
  const study = useStudy();
  const live = useTrialTable(study);
  const isRead = live.table !== null || live.error !== null;
  const { log = [], importance, allParameters = false } = route.useSearch();
  const navigate = route.useNavigate();
  const change = (part: Change<OverviewSearch>) =>
    void navigate({ search: (old) => compact({ ...old, ...part }), replace: true, resetScroll: false });
  const setLog = (metric: string, on: boolean) => {
    const metrics = on ? [...log, metric] : log.filter((other) => other !== metric);
    change({ log: metrics.length > 0 ? metrics : undefined });
  };
  return (
    <div className={classes.grid}>
      <div className={classes.main}>
        {study.objectives.map((objective) => (
          <HistoryPanel
            key={objective.metric}
            study={study}
            objective={objective}
            live={live}
            log={log.includes(objective.metric)}
            onLog={(on) => setLog(objective.metric, on)}
          />
        ))}
        <BestTrialsPanel study={study} />
      </div>
      <div className={classes.side}>
        <StatePanel counts={study.trialCounts} />
        <FailuresPanel study={study} />
        <ImportancePanel
          study={study}
          enabled={isRead}
          metric={importance}
          isWhole={allParameters}
          onMetric={(metric) => change({ importance: metric })}
          onWhole={(isWhole) => change({ allParameters: isWhole || undefined })}
        />
        <InsightsPanel study={study} enabled={isRead} />
        <AboutPanel study={study} />
      </div>
    </div>
  );
}
