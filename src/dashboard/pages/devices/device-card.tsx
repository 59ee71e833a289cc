import type { Device } from '../../../client/index.ts';
import { Panel } from '../../charts/parts/panel.tsx';
import { formatBytes } from '../../format/bytes.ts';
import { formatShare } from '../../format/number.ts';
import classes from './devices.module.css';
import { HistoryLine } from './history-line.tsx';
import { RunningTrials } from './running-trials.tsx';
import type { DeviceSample } from './use-device-history.ts';
import type { PlacedTrial } from './use-running-trials.ts';

export interface DeviceCardProps {
  readonly device: Device;
  readonly samples: readonly DeviceSample[];
  readonly trials: readonly PlacedTrial[];
}

/** A device: its memory, what is promised of it, and what runs on it. */
export function DeviceCard({ device, samples, trials }: DeviceCardProps) {
  const { name, kind, backend, slots, runningTrials } = device;
  const slotText = slots > 0 ? `${runningTrials} of ${slots} slots in use` : `${runningTrials} running`;
  return (
    <Panel
      title={name}
      note={`${slotText} · ${kind} · ${backend === 'none' ? 'for programs that trials start' : backend}`}
    >
      {device.fault !== null && <p className={classes.fault}>{device.fault}</p>}
      <Memory device={device} samples={samples} />
      <RunningTrials trials={trials} nothing="Nothing runs on it." />
    </Panel>
  );
}

function Memory({ device, samples }: Pick<DeviceCardProps, 'device' | 'samples'>) {
  const { memoryBytes, memorySource, memoryUsedBytes, memoryReservedBytes, memoryLimitBytes, adapter } =
    device;
  if (memoryBytes === null) return <p className={classes.dim}>The size of its memory is not known.</p>;
  const share = (bytes: number | null) => Math.min(1, (bytes ?? 0) / memoryBytes);
  // Of a GPU whose driver tells nothing only what trials are predicted to take is known.
  const used = share(memoryUsedBytes ?? memoryReservedBytes);
  return (
    <div className={classes.memory}>
      {/* biome-ignore lint/a11y/useSemanticElements: browsers draw a meter element in colours of their own */}
      <div
        className={classes.meter}
        role="meter"
        aria-label={`Memory of ${device.name}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(used * 100)}
      >
        <div
          className={classes.used}
          style={{ width: formatShare(used, 2) }}
          data-full={used > 0.9 || undefined}
        />
        {memoryLimitBytes !== null && (
          <i
            className={classes.limit}
            style={{ left: formatShare(share(memoryLimitBytes), 2) }}
            title={`Trials get ${formatBytes(memoryLimitBytes)} together`}
          />
        )}
      </div>
      <div className={classes.details}>
        <dl className={`${classes.facts} numeric`}>
          <div>
            {memoryUsedBytes === null ? (
              <>
                <dt>Memory</dt>
                <dd>
                  {memorySource === 'LARGEST_BUFFER' && 'at least '}
                  {formatBytes(memoryBytes)}
                </dd>
              </>
            ) : (
              <>
                <dt>In use</dt>
                <dd>
                  {formatBytes(memoryUsedBytes)}{' '}
                  <span className={classes.dim}>of {formatBytes(memoryBytes)}</span>
                </dd>
              </>
            )}
          </div>
          <div>
            <dt>Predicted for trials</dt>
            <dd>{formatBytes(memoryReservedBytes)}</dd>
          </div>
          {memoryLimitBytes !== null && (
            <div>
              <dt>Limit for trials</dt>
              <dd>{formatBytes(memoryLimitBytes)}</dd>
            </div>
          )}
          {adapter !== null && (
            <div>
              <dt>Largest tensor</dt>
              <dd>{formatBytes(adapter.maxTensorBytes)}</dd>
            </div>
          )}
        </dl>
        <HistoryLine samples={samples} />
      </div>
    </div>
  );
}
