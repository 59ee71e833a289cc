-- Where the trials of a study run (null: as its trainable says), how long one may, and how they are started again.
ALTER TABLE study
  ADD COLUMN isolation text,
  ADD COLUMN trial_timeout_seconds double precision,
  ADD COLUMN retries json;

-- How many attempts failed or were lost, when the next may start, and when the one that runs has run for too long.
ALTER TABLE trial
  ADD COLUMN failures integer NOT NULL DEFAULT 0,
  ADD COLUMN retry_at timestamptz(3),
  ADD COLUMN timeout_at timestamptz(3);

-- Until now every attempt that was not the last or a promotion had been lost.
UPDATE trial SET failures = greatest(attempt - promotions - 1, 0) WHERE attempt > 1 AND state IN ('QUEUED', 'RUNNING');

CREATE INDEX trial_retry_idx ON trial (retry_at) WHERE state = 'QUEUED' AND retry_at IS NOT NULL;
CREATE INDEX trial_timeout_idx ON trial (timeout_at) WHERE state = 'RUNNING' AND timeout_at IS NOT NULL;
