import { Skeleton } from '@mantine/core';
import { IconCpuOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import { Panel } from '../../charts/parts/panel.tsx';
import { countOf, formatCount } from '../../format/number.ts';
import { useSession } from '../../live/session-context.ts';
import { useStore } from '../../live/store.ts';
import { EmptyState } from '../../shell/empty-state.tsx';
import { Page } from '../../shell/page.tsx';
import { DeviceCard } from './device-card.tsx';
import classes from './devices.module.css';
import { QueuePanel } from './queue-panel.tsx';
import { RunningTrials } from './running-trials.tsx';
import { useDeviceHistory } from './use-device-history.ts';
import { useQueue } from './use-queue.ts';
import { type RunningTrials as RunningTrialsNow, useRunningTrials } from './use-running-trials.ts';

/** What trials run on, what runs where, and what waits. */
export function DevicesPage() {
  const devices = useStore(useSession().devices);
  const history = useDeviceHistory(devices);
  const queue = useQueue();
  const { trials = [], beyond, otherStudies } = useRunningTrials();
  const names = new Set(devices?.map(({ name }) => name));
  const elsewhere = trials.filter(({ device }) => device === null || !names.has(device));
  return (
    <Page title="Devices">
      <div className={classes.page}>
        {devices?.length === 0 && (
          <EmptyState icon={<IconCpuOff size={28} stroke={1.5} />} title="This server has no device">
            Trials run on the workers that ask for them.
          </EmptyState>
        )}
        <div className={classes.devices}>
          {devices === null && <Skeleton height={150} />}
          {devices?.map((device) => (
            <DeviceCard
              key={device.id}
              device={device}
              samples={history.get(device.id) ?? []}
              trials={trials.filter(({ device: name }) => name === device.name)}
            />
          ))}
        </div>
        {elsewhere.length > 0 && (
          <Panel title="On workers elsewhere" note={workersOf(elsewhere)}>
            <RunningTrials trials={elsewhere} nothing="" />
          </Panel>
        )}
        <More beyond={beyond} otherStudies={otherStudies} />
        <QueuePanel queue={queue} />
      </div>
    </Page>
  );
}

function workersOf(trials: readonly { readonly worker: string | null }[]): string {
  return [...new Set(trials.flatMap(({ worker }) => worker ?? []))].slice(0, 5).join(', ');
}

/** What is running beyond what the page lists, with links to where it is. */
function More({ beyond, otherStudies }: Pick<RunningTrialsNow, 'beyond' | 'otherStudies'>) {
  if (beyond.length === 0 && otherStudies === 0) return null;
  return (
    <p className={classes.dim}>
      Also running:{' '}
      {beyond.map(({ id, name, count }, i) => (
        <Fragment key={id}>
          {i > 0 && ', '}
          <Link to="/studies/$id/trials" params={{ id }} search={{ states: ['RUNNING'] }}>
            {formatCount(count)} more of {name}
          </Link>
        </Fragment>
      ))}
      {otherStudies > 0 && (
        <>
          {beyond.length > 0 && ', '}
          <Link to="/studies" search={{ states: ['RUNNING', 'PAUSED'] }}>
            those of {countOf(otherStudies, 'more study', 'more studies')}
          </Link>
        </>
      )}
    </p>
  );
}
