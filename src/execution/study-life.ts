import { randomInt } from 'node:crypto';
import { InputError } from '../core/errors.ts';
import { bestTrials } from '../core/pareto/best-trials.ts';
import { samplerSeed } from '../core/samplers/create-sampler.ts';
import { fittingParams } from '../core/search-space/fitting-params.ts';
import { parseSearchSpace } from '../core/search-space/parse-search-space.ts';
import { stopReason } from '../core/stop-reason.ts';
import { isPaused } from '../core/trial.ts';
import type { EventBus } from '../events/event-bus.ts';
import type { StudyRecord, TrialRecord } from '../storage/records.ts';
import type { StudyChange } from '../storage/study-change.ts';
import type { StudyStore } from '../storage/study-store.ts';
import type { StudyWriter } from '../storage/study-writer.ts';
import type { Trainable } from '../trainables/trainable.ts';
import type { LiveStudies } from './live-studies.ts';
import { type NewStudy, parseStudySettings } from './parse-study-settings.ts';
import { finished, paused, started, trialLimit } from './study-changes.ts';
import { abandoned, cancelled, requeued, type TrialChange } from './trial-changes.ts';

const maxTrialsPerStart = 1_000_000;

/** Absent fields stay as they are. */
export type StudyUpdate = Partial<
  Pick<
    NewStudy,
    | 'description'
    | 'tags'
    | 'scalarisation'
    | 'searchSpace'
    | 'stopRules'
    | 'maxConcurrentTrials'
    | 'priority'
    | 'isolation'
    | 'trialTimeoutSeconds'
    | 'retries'
  >
>;

export interface CloneOptions {
  readonly name: string;
  readonly warmStart: boolean;
  /** Absent or null: the same as before. */
  readonly searchSpace?: unknown;
}

/** The life of studies: made, started, paused, finished, deleted. */
export class StudyLife {
  readonly #writer: StudyWriter;
  readonly #studies: StudyStore;
  readonly #live: LiveStudies;
  readonly #bus: EventBus;
  readonly #trainables: ReadonlyMap<string, Trainable>;
  readonly #now: () => Date;

  constructor(parts: {
    writer: StudyWriter;
    studies: StudyStore;
    live: LiveStudies;
    bus: EventBus;
    trainables: ReadonlyMap<string, Trainable>;
    /** The time of all servers. */
    now: () => Date;
  }) {
    this.#writer = parts.writer;
    this.#studies = parts.studies;
    this.#live = parts.live;
    this.#bus = parts.bus;
    this.#trainables = parts.trainables;
    this.#now = parts.now;
  }

  /** @throws InputError with every fault of the settings */
  async create(input: NewStudy): Promise<StudyRecord> {
    const settings = await parseStudySettings(input, this.#trainables);
    return this.#writer.create(settings, samplerSeed(settings.sampler) ?? randomInt(2 ** 31));
  }

  update(id: number, update: StudyUpdate): Promise<StudyRecord> {
    return this.#writer.change(id, async (change) => {
      const { study } = change;
      const input = { ...study, ...definedFields(update), name: study.name };
      const settings = await parseStudySettings(input, this.#trainables);
      return change.saveStudy('STUDY_UPDATED', {
        ...study,
        description: settings.description,
        tags: settings.tags,
        scalarisation: settings.scalarisation,
        searchSpace: settings.searchSpace,
        stopRules: settings.stopRules,
        maxConcurrentTrials: settings.maxConcurrentTrials,
        priority: settings.priority,
        isolation: settings.isolation,
        trialTimeoutSeconds: settings.trialTimeoutSeconds,
        retries: settings.retries,
      });
    });
  }

  /** Starts a study, or goes on with it: for `trials` more trials, or until a stop rule holds. */
  start(id: number, trials: number | null): Promise<StudyRecord> {
    if (trials !== null && (trials < 1 || trials > maxTrialsPerStart)) {
      throw InputError.at('trials', `must be between 1 and ${maxTrialsPerStart}, not ${trials}.`);
    }
    return this.#writer.change(id, async (change) => {
      const queued = await change.countQueued();
      const trialBudget = trials === null ? null : change.study.trialCount - queued + trials;
      return change.saveStudy('STUDY_STARTED', { ...started(change.study, this.#now()), trialBudget });
    });
  }

  /** No new trial starts; those that run go on to their end. */
  pause(id: number): Promise<StudyRecord> {
    return this.#writer.change(id, async (change) => {
      if (change.study.state === 'PAUSED') return change.study;
      return change.saveStudy('STUDY_PAUSED', paused(change.study));
    });
  }

  /** Ends a study and cancels what waits, runs or is held, prunes what is paused; one that has ended stays as it is.
   * When this resolves, trials that run in this process are told, and make no batch but the one under way. */
  stop(id: number, reason = 'Stopped by request.'): Promise<StudyRecord> {
    return this.#writer.change(id, (change) => finish(change, reason, this.#now(), cancelled));
  }

  /** Ends a running study if one of its stop rules holds. */
  async stopIfDone(id: number): Promise<void> {
    const live = await this.#live.get(id);
    if (live.study.state !== 'RUNNING') return;
    const reason = (study: StudyRecord): string | null => {
      const { running, total } = live.view.trialCounts;
      const now = this.#now().getTime();
      // Of those that are paused only one that may be promoted still has something to do, of those that are held none.
      const waiting = live.view.waitingCount + (live.promote(trialLimit(study)) === null ? 0 : 1);
      return stopReason(study.stopRules, live.view, {
        trialLimit: trialLimit(study),
        trialCount: total,
        unfinished: waiting + running,
        held: live.view.heldCount,
        settingsLeft: live.settingsLeft,
        deviceMs: live.deviceMs(now),
        regretBound: (startupTrials) => live.regretBound(startupTrials),
        elapsedMs: now - (study.startedAt?.getTime() ?? now),
      });
    };
    // Most of the time nothing holds: look before locking.
    if (reason(live.study) === null) return;
    await this.#writer.change(id, async (change) => {
      if (change.study.state !== 'RUNNING') return;
      await this.#live.catchUp(live, change.study.lastEvent, change.client);
      const why = reason(change.study);
      if (why !== null) await finish(change, why, this.#now(), leftHeld);
    });
  }

  /** Deletes a study: it is gone at once for everybody, and what it leaves is removed in the background. */
  async delete(id: number): Promise<void> {
    // Nothing of it may go on running.
    await this.#writer.hide(id, (change) => finish(change, 'Deleted.', this.#now(), cancelled));
    this.#bus.publish('studyDeleted', { studyId: id });
  }

  /**
   * A new study with the settings of another, in another search space if one is given; `warmStart` queues its best trials'
   * parameters first, as far as they fit. @throws InputError for a faulty name or space
   */
  async clone(id: number, options: CloneOptions): Promise<StudyRecord> {
    const { name, warmStart } = options;
    const source = await this.#studies.get(id);
    const { seed: _, ...sampler } = source.sampler;
    const searchSpace = options.searchSpace ?? source.searchSpace;
    const clone = await this.create({ ...source, name, sampler, searchSpace });
    if (warmStart) {
      const { view } = await this.#live.get(id);
      const space = parseSearchSpace(clone.searchSpace);
      const best = bestTrials(view, 8)
        .map((trial) => ({ params: fittingParams(space, trial.params) }))
        // One that has nothing in common with the new space says nothing about it.
        .filter(({ params }) => Object.keys(params).length > 0);
      await this.#writer.change(clone.id, (change) => change.insertTrials('TRIAL_QUEUED', best));
    }
    return this.#studies.get(clone.id);
  }
}

/** @param ofHeld what becomes of a trial that is paused by request; null: it stays as it is */
async function finish(
  change: StudyChange,
  reason: string,
  now: Date,
  ofHeld: (trial: TrialRecord, now: Date) => TrialChange | null,
): Promise<StudyRecord> {
  if (change.study.state === 'FINISHED') return change.study;
  for (const trial of await change.unfinishedTrials()) {
    const last = trial.held
      ? ofHeld(trial, now)
      : isPaused(trial)
        ? abandoned(trial, now)
        : cancelled(trial, now);
    if (last !== null) change.saveTrial(last.kind, last.trial);
  }
  return change.saveStudy('STUDY_FINISHED', finished(change.study, reason, now));
}

/** Whoever has paused a trial means to go on with it: it is kept with its checkpoint when its study ends by itself. */
function leftHeld(trial: TrialRecord, now: Date): TrialChange | null {
  return trial.state === 'QUEUED'
    ? null
    : requeued(trial, { why: 'The study ended before it had paused', afterMs: null }, now);
}

function definedFields(update: StudyUpdate): StudyUpdate {
  return Object.fromEntries(Object.entries(update).filter(([, value]) => value !== undefined));
}
