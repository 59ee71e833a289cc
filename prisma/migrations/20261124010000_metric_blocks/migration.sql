-- Every commit moves last_commit. With an index on it, each such update would write to all indexes of the series.
DROP INDEX metric_series_study_id_last_commit_idx;

-- Chunks come from commits and are soon merged into blocks. Both go with their study, by the statement that deletes it.
ALTER TABLE metric_chunk DROP CONSTRAINT metric_chunk_series_id_fkey;
ALTER TABLE metric_chunk
  ADD COLUMN study_id integer,
  ADD COLUMN points   integer,
  ADD COLUMN min_step integer,
  ADD COLUMN max_step integer;
-- A zero byte before a column says that it is not compressed.
UPDATE metric_chunk AS chunk
SET study_id = series.study_id, points = length(chunk.values) / 8,
    min_step = -2147483648, max_step = 2147483647,
    steps = '\x00'::bytea || chunk.steps, times = '\x00'::bytea || chunk.times
FROM metric_series AS series WHERE series.id = chunk.series_id;
ALTER TABLE metric_chunk
  ALTER COLUMN study_id SET NOT NULL,
  ALTER COLUMN points SET NOT NULL,
  ALTER COLUMN min_step SET NOT NULL,
  ALTER COLUMN max_step SET NOT NULL,
  ALTER COLUMN steps SET STORAGE EXTERNAL,
  ALTER COLUMN values SET STORAGE EXTERNAL,
  ALTER COLUMN times SET STORAGE EXTERNAL;
ALTER TABLE metric_chunk SET (toast_tuple_target = 8160, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX metric_chunk_study_id_commit_idx ON metric_chunk (study_id, commit);

CREATE TABLE metric_block (
  series_id    bigint NOT NULL,
  start        integer NOT NULL,
  study_id     integer NOT NULL,
  first_commit integer NOT NULL,
  last_commit  integer NOT NULL,
  points       integer NOT NULL,
  min_step     integer NOT NULL,
  max_step     integer NOT NULL,
  commits      bytea NOT NULL,
  steps        bytea NOT NULL,
  values       bytea NOT NULL,
  times        bytea NOT NULL,
  CONSTRAINT metric_block_pkey PRIMARY KEY (series_id, start)
);
ALTER TABLE metric_block
  ALTER COLUMN commits SET STORAGE EXTERNAL,
  ALTER COLUMN steps SET STORAGE EXTERNAL,
  ALTER COLUMN values SET STORAGE EXTERNAL,
  ALTER COLUMN times SET STORAGE EXTERNAL;
CREATE INDEX metric_block_study_id_last_commit_idx ON metric_block (study_id, last_commit);
