-- Paused by request: a running trial is to give its place back, a queued one waits until somebody resumes it.
ALTER TABLE trial ADD COLUMN held boolean NOT NULL DEFAULT false;

-- A held trial waits for nobody's claim.
DROP INDEX trial_claimable_idx;
CREATE INDEX trial_claimable_idx ON trial (study_id, number)
  WHERE state = 'QUEUED' AND prune_reason IS NULL AND NOT held;
