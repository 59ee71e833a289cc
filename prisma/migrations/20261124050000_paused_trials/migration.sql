-- How often a trial was promoted: these attempts are no failures.
ALTER TABLE trial ADD COLUMN promotions integer NOT NULL DEFAULT 0;

-- A queued trial with a prune_reason is paused: it waits for its pruner, not for a worker.
CREATE INDEX trial_claimable_idx ON trial (study_id, number) WHERE state = 'QUEUED' AND prune_reason IS NULL;
