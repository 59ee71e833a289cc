-- Commits of few points a series, whole, until they are written to their series, many commits at a time.
CREATE TABLE metric_journal (
  study_id  integer NOT NULL,
  commit    integer NOT NULL,
  trial_ids integer[],
  names     text[],
  points    integer[],
  steps     bytea NOT NULL,
  values    bytea NOT NULL,
  times     bytea NOT NULL,
  CONSTRAINT metric_journal_pkey PRIMARY KEY (study_id, commit)
);
ALTER TABLE metric_journal
  ALTER COLUMN steps SET STORAGE EXTERNAL,
  ALTER COLUMN values SET STORAGE EXTERNAL,
  ALTER COLUMN times SET STORAGE EXTERNAL;
ALTER TABLE metric_journal SET (toast_tuple_target = 8160, autovacuum_vacuum_scale_factor = 0.05);

-- What comes from there are chunks of several commits. Without "commits", all points are of the first one.
ALTER TABLE metric_chunk ADD COLUMN first_commit integer, ADD COLUMN commits bytea;
UPDATE metric_chunk SET first_commit = commit;
ALTER TABLE metric_chunk ALTER COLUMN first_commit SET NOT NULL, ALTER COLUMN commits SET STORAGE EXTERNAL;
