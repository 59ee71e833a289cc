-- What people write about a trial.
ALTER TABLE trial ADD COLUMN notes text;
ALTER TABLE trial ADD COLUMN tags text[] NOT NULL DEFAULT '{}';
