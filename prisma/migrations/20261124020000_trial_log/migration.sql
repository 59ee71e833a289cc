CREATE TABLE trial_log (
  trial_id   integer PRIMARY KEY,
  line_count integer NOT NULL,
  attempt    integer NOT NULL,
  batches    int4multirange NOT NULL,
  CONSTRAINT trial_log_trial_id_fkey FOREIGN KEY (trial_id) REFERENCES trial (id) ON DELETE CASCADE ON UPDATE CASCADE
) WITH (fillfactor = 70);

CREATE TABLE trial_log_chunk (
  trial_id   integer NOT NULL,
  first_line integer NOT NULL,
  attempt    integer NOT NULL,
  times      double precision[],
  lines      text[],
  CONSTRAINT trial_log_chunk_pkey PRIMARY KEY (trial_id, first_line),
  CONSTRAINT trial_log_chunk_trial_id_fkey FOREIGN KEY (trial_id) REFERENCES trial_log (trial_id) ON DELETE CASCADE ON UPDATE CASCADE
);
