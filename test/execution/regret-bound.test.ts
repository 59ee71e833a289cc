import { expect, test } from 'vitest';
import { createTestEngine } from '../support/engine.ts';
import { studySettings } from '../support/study-settings.ts';

test('a study ends when its regret bound is small, with the reason', async () => {
  const engine = await createTestEngine();
  const { id } = await engine.studyLife.create(
    studySettings({
      searchSpace: { x: { type: 'float', low: 0, high: 1 } },
      sampler: { kind: 'random', seed: 1 },
      stopRules: { regretBound: { threshold: 0.2, startupTrials: 10 } },
    }),
  );
  await engine.studyLife.start(id, null);
  const ended = async () => (await engine.studies.get(id)).state === 'FINISHED';
  for (let count = 0; count < 60 && !(await ended()); count++) {
    const [trial] = await engine.trialLife.ask({ studyId: id, count: 1, worker: 'test', leaseMs: 60_000 });
    if (trial === undefined) break;
    const loss = ((trial.params.x as number) - 0.4) ** 2;
    await engine.trialLife.tell({
      trialId: trial.id,
      attempt: trial.attempt,
      state: 'COMPLETED',
      values: { loss },
    });
  }
  await expect.poll(ended).toBe(true);
  const study = await engine.studies.get(id);
  expect(study.trialCount).toBeGreaterThanOrEqual(15);
  expect(study.trialCount).toBeLessThan(60);
  expect(study.stopReason).toMatch(
    /^Little is left to gain: no setting should improve loss of trial \d+ by more than [\d.e-]+ \(asked for: 0\.2\)\.$/,
  );
});
