/** Points of one series: columns of one length. Steps are int32, values any float64, times milliseconds since 1970. */
export interface MetricPoints {
  readonly steps: Int32Array;
  readonly values: Float64Array;
  readonly times: Float64Array;
}

export interface NamedPoints extends MetricPoints {
  readonly name: string;
}

/** One report of a trial. */
export interface MetricBatch {
  readonly studyId: number;
  readonly trialId: number;
  /** The fencing token: the batch is refused unless this attempt is running. */
  readonly attempt: number;
  /** Repeated numbers of one attempt are acknowledged and not stored again; null: no such check. */
  readonly batch: number | null;
  readonly series: readonly NamedPoints[];
}

export type AppendResult =
  /** `commit` is the study's metric commit that holds the points; null when the batch was a repetition. */
  | { readonly outcome: 'stored' | 'repeated'; readonly commit: number | null }
  /** The attempt does not run (any more): stale, finished, or unknown. Nothing was stored. */
  | { readonly outcome: 'refused' };

export interface SeriesSummary {
  readonly trialId: number;
  readonly name: string;
  /** Stored points, overwritten ones included. */
  readonly count: number;
  readonly lastCommit: number;
  readonly lastStep: number;
  readonly lastTime: number;
  readonly lastValue: number;
  /** Over the finite values; null while there is none. */
  readonly min: number | null;
  readonly max: number | null;
}

/** Points that one commit added to one series. */
export interface SeriesDelta extends NamedPoints {
  readonly trialId: number;
}

export interface CommitPage {
  readonly commit: number;
  readonly newest: number;
  readonly deltas: readonly SeriesDelta[];
}

export interface SeriesRequest {
  /** All series where absent. */
  readonly names?: readonly string[] | undefined;
  /** Both ends belong to the range. */
  readonly fromStep?: number | undefined;
  readonly toStep?: number | undefined;
}

/** Which series a follower wants: of a study, or of some trials of it, and of these names only. */
export interface MetricScope {
  readonly studyId: number;
  readonly trialIds?: readonly number[] | undefined;
  readonly names?: readonly string[] | undefined;
}

/**
 * Keeps the metric series of trials. For one step of a series the last write wins; NaN and infinities survive.
 * Commits of a study are numbered in the order in which they become visible, so a follower that has read up to a
 * commit misses nothing by asking for what is after it.
 */
export interface MetricStore {
  /** Resolves after the commit. */
  append(batch: MetricBatch): Promise<AppendResult>;
  /** The series of each trial with steps ascending strictly, by name. */
  read(trialIds: readonly number[], request: SeriesRequest): Promise<Map<number, NamedPoints[]>>;
  summaries(trialIds: readonly number[], names?: readonly string[]): Promise<Map<number, SeriesSummary[]>>;
  /** The number of the study's newest commit; 0 before the first. */
  lastCommit(studyId: number): Promise<number>;
  /**
   * What commits after `after` and up to `upTo` added, oldest first: whole commits, the first at least, and no more
   * once `maxPoints` is passed. `commit` is the last one that the result covers, `newest` the last one that there was.
   */
  readAfter(scope: MetricScope, after: number, maxPoints: number, upTo?: number): Promise<CommitPage>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}
