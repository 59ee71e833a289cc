import DataLoader from 'dataloader';
import { notFound } from '../core/errors.ts';
import type { TrialCounts } from '../core/trial-counts.ts';
import type { Engine } from '../execution/engine.ts';
import type { ArtifactRecord } from '../storage/artifacts/artifact-store.ts';
import type { NamedPoints, SeriesRequest } from '../storage/metric-store.ts';
import type { StudyRecord, TrialRecord } from '../storage/records.ts';

export interface Loaders {
  readonly study: DataLoader<number, StudyRecord>;
  readonly trial: DataLoader<number, TrialRecord | null>;
  readonly trialCounts: DataLoader<number, TrialCounts>;
  readonly artifacts: DataLoader<number, ArtifactRecord[]>;
  /** The series of trials, one read for all trials that ask for the same. */
  series(trialId: number, request: SeriesRequest): Promise<NamedPoints[]>;
}

/** Joins the reads of one turn. Nothing is cached: a subscription would show what was true at its first event. */
export function createLoaders({ studies, trials, metrics, artifacts }: Engine): Loaders {
  const options = { cache: false } as const;
  const seriesLoaders = new Map<string, DataLoader<number, NamedPoints[]>>();
  return {
    study: new DataLoader<number, StudyRecord>(async (ids) => {
      const found = await studies.findMany(ids);
      return found.map((study, i) => study ?? notFound('study', ids[i]!));
    }, options),
    trial: new DataLoader((ids) => trials.findMany(ids), options),
    trialCounts: new DataLoader(async (ids) => {
      const counts = await trials.countsByState(ids);
      return ids.map((id) => counts.get(id)!);
    }, options),
    artifacts: new DataLoader(async (ids) => {
      const lists = await artifacts.store.list(ids);
      return ids.map((id) => lists.get(id)!);
    }, options),
    series: (trialId, request) => {
      const key = JSON.stringify(request);
      let loader = seriesLoaders.get(key);
      if (loader === undefined) {
        loader = new DataLoader(async (ids) => {
          const series = await metrics.read(ids, request);
          return ids.map((id) => series.get(id)!);
        }, options);
        seriesLoaders.set(key, loader);
      }
      return loader.load(trialId);
    },
  };
}
