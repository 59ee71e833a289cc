import type { Client, TrialState } from '../../../client/index.ts';
import { unpackFloat64s, unpackInt32s } from '../../../client/packing.ts';
import { Store } from '../../live/store.ts';
import { curvePoints, followCurves } from '../../operations/curves.ts';
import { Curve, type CurvePoints } from './curve.ts';

export interface CurveTrial {
  readonly id: string;
  readonly number: number;
  readonly state: TrialState;
  /** What it is called; `Trial` and its number where absent. */
  readonly name?: string;
  /** The place of its colour in the palette; its number where absent. */
  readonly color?: number;
}

/** A curve and the trial that it is of. */
export interface ShownCurve {
  readonly trial: CurveTrial;
  readonly curve: Curve;
  /** When the trial's first point was reported, in milliseconds since 1970; NaN without points. */
  readonly startMs: number;
}

/** Where a chart gets its curves from. */
export interface CurveSource {
  /** Another number after each change. */
  readonly version: Store<number>;
  readonly metric: string;
  curves(): readonly ShownCurve[];
  /** Reads this range of steps again, finer. */
  refine(from: number, to: number): Promise<void>;
}

/** All curves together get about so many points, which a screen can show and a browser draw at once. */
const pointsAtOnce = 480_000;
const trialsAtOnce = 250;
/** Where the stream does not begin for so long, as its connection is held up, curves are read without it for now. */
const streamPatienceMs = 2000;

interface PackedPoints {
  readonly packedSteps: string;
  readonly packedValues: string;
  readonly packedTimes: string;
}

/**
 * The curves of one metric: read once, in coarse form where they are long, then kept by the stream of new points. The
 * stream begins before the reading, so that no point is missed; points that come twice change nothing.
 */
export class CurveSet implements CurveSource {
  readonly version = new Store(0);
  readonly error = new Store<Error | null>(null);
  /** How many trials' points are still being read. */
  readonly loading = new Store(0);
  readonly metric: string;
  readonly #client: Client;
  readonly #study: string;
  readonly #ended = new AbortController();
  readonly #following: Promise<void>;
  #shown = new Map<string, CurveTrial>();
  readonly #curves = new Map<string, Curve>();
  /** Points that came while a trial's curve was being read. */
  readonly #meanwhile = new Map<string, CurvePoints[]>();
  #changes = 0;
  #isFollowing = false;
  /** Whether points may have come between a reading and the begin of the stream. */
  #wasReadEarly = false;

  constructor(client: Client, study: string, metric: string) {
    this.#client = client;
    this.#study = study;
    this.metric = metric;
    this.#following = new Promise((resolve) => void this.#follow(resolve));
  }

  /** Shows the curves of these trials, and reads those that are new. */
  show(trials: readonly CurveTrial[]): void {
    this.#shown = new Map(trials.map((trial) => [trial.id, trial]));
    for (const id of this.#curves.keys()) if (!this.#shown.has(id)) this.#curves.delete(id);
    const missing = trials.filter(({ id }) => !this.#curves.has(id));
    for (const { id } of missing) this.#curves.set(id, new Curve());
    this.#tell();
    if (missing.length > 0) void this.#readAll(missing);
  }

  /** Of trials that were not dropped since, in the order in which they were given. */
  curves(): readonly ShownCurve[] {
    return Array.from(this.#shown.values(), (trial) => {
      const curve = this.#curves.get(trial.id)!;
      return { trial, curve, startMs: curve.times[0] ?? Number.NaN };
    });
  }

  /** Reads this range of steps again, finer, of the curves that lack points there. */
  async refine(from: number, to: number): Promise<void> {
    const coarse = [...this.#shown.values()].filter(({ id }) => this.#curves.get(id)!.lacks(from, to));
    await this.#readAll(coarse, Math.max(0, Math.floor(from)), Math.ceil(to));
  }

  close(): void {
    this.#ended.abort();
  }

  async #readAll(trials: readonly CurveTrial[], from?: number, to?: number): Promise<void> {
    const maxPoints = Math.max(60, Math.min(1000, Math.floor(pointsAtOnce / this.#shown.size)));
    this.loading.set(this.loading.get() + trials.length);
    for (const { id } of trials) this.#meanwhile.set(id, []);
    let left = trials.length;
    try {
      await Promise.race([this.#following, new Promise((resolve) => setTimeout(resolve, streamPatienceMs))]);
      this.#wasReadEarly ||= !this.#isFollowing;
      for (let i = 0; i < trials.length; i += trialsAtOnce) {
        const page = trials.slice(i, i + trialsAtOnce);
        await this.#read(page, { maxPoints, from, to });
        left -= page.length;
        this.loading.set(this.loading.get() - page.length);
      }
      this.error.set(null);
    } catch (error) {
      if (this.#ended.signal.aborted) return;
      this.loading.set(this.loading.get() - left);
      this.error.set(error as Error);
      if (from === undefined) for (const { id } of trials) this.#forgetUnread(id);
    }
  }

  async #read(
    trials: readonly CurveTrial[],
    range: { maxPoints: number; from: number | undefined; to: number | undefined },
  ): Promise<void> {
    const { maxPoints, from, to } = range;
    const { study } = await this.#client.query(
      curvePoints,
      {
        study: this.#study,
        numbers: trials.map(({ number }) => number),
        first: trials.length,
        metric: this.metric,
        maxPoints,
        ...(from !== undefined && { fromStep: from, toStep: to! }),
      },
      { signal: this.#ended.signal },
    );
    for (const { node } of study?.trials.edges ?? []) {
      const curve = this.#curves.get(node.id);
      const series = node.metricSeries[0];
      if (curve !== undefined && series !== undefined)
        curve.replace(unpacked(series), series.count, from, to);
      for (const points of this.#meanwhile.get(node.id) ?? []) curve?.append(points);
      this.#meanwhile.delete(node.id);
    }
    this.#tell();
  }

  /** After a failed reading the next `show` tries again. */
  #forgetUnread(id: string): void {
    if (this.#meanwhile.delete(id)) this.#curves.delete(id);
    this.#shown.delete(id);
  }

  async #follow(started: () => void): Promise<void> {
    const { signal } = this.#ended;
    const variables = { study: this.#study, metric: this.metric };
    try {
      const batches = this.#client.subscribe(followCurves, variables, {
        signal,
        cursorOf: ({ metrics }) => metrics.cursor,
      });
      for await (const { metrics } of batches) {
        this.#isFollowing = true;
        started();
        if (this.#wasReadEarly) {
          this.#wasReadEarly = false;
          void this.#readAll([...this.#shown.values()]);
        }
        let isShown = false;
        for (const { trial, ...packed } of metrics.series) {
          const curve = this.#curves.get(trial);
          if (curve === undefined) continue;
          const points = unpacked(packed);
          this.#meanwhile.get(trial)?.push(points);
          curve.append(points);
          isShown = true;
        }
        if (isShown) this.#tell();
      }
    } catch (error) {
      if (!signal.aborted) this.error.set(error as Error);
    }
    started();
  }

  #tell(): void {
    this.#changes += 1;
    this.version.set(this.#changes);
  }
}

function unpacked({ packedSteps, packedValues, packedTimes }: PackedPoints): CurvePoints {
  return {
    steps: unpackInt32s(packedSteps),
    values: unpackFloat64s(packedValues),
    times: unpackFloat64s(packedTimes),
  };
}
