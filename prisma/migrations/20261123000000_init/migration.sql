CREATE TYPE study_state AS ENUM ('CREATED', 'RUNNING', 'PAUSED', 'FINISHED');
CREATE TYPE trial_state AS ENUM ('QUEUED', 'RUNNING', 'COMPLETED', 'PRUNED', 'INFEASIBLE', 'FAILED', 'CANCELLED');

CREATE TABLE study (
  id                    serial PRIMARY KEY,
  project               text NOT NULL,
  name                  text NOT NULL,
  description           text,
  state                 study_state NOT NULL DEFAULT 'CREATED',
  stop_reason           text,
  trainable             text,
  trainable_options     json NOT NULL,
  objectives            json NOT NULL,
  constraints           json NOT NULL,
  search_space          json NOT NULL,
  sampler               json NOT NULL,
  pruner                json,
  stop_rules            json NOT NULL,
  max_concurrent_trials integer,
  tags                  text[],
  seed                  integer NOT NULL,
  trial_count           integer NOT NULL DEFAULT 0,
  trial_budget          integer,
  last_event            integer NOT NULL DEFAULT 0,
  created_at            timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at            timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  started_at            timestamptz(3),
  finished_at           timestamptz(3)
) WITH (fillfactor = 70); -- every event updates the row: room for HOT updates

CREATE UNIQUE INDEX study_project_name_key ON study (project, name);
CREATE INDEX study_created_at_id_idx ON study (created_at, id);
CREATE INDEX study_updated_at_id_idx ON study (updated_at, id);
CREATE INDEX study_tags_idx ON study USING gin (tags);

CREATE TABLE trial (
  id              serial PRIMARY KEY,
  study_id        integer NOT NULL,
  number          integer NOT NULL,
  state           trial_state NOT NULL DEFAULT 'QUEUED',
  params          jsonb NOT NULL,
  values          jsonb,
  feasible        boolean,
  attempt         integer NOT NULL DEFAULT 0,
  worker          text,
  lease_until     timestamptz(3),
  lease_ms        integer,
  device          text,
  backend         text,
  error           text,
  prune_reason    text,
  total_steps     integer,
  predicted_bytes double precision,
  peak_bytes      double precision,
  retry_of        integer,
  queued_at       timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  started_at      timestamptz(3),
  finished_at     timestamptz(3),
  CONSTRAINT trial_study_id_fkey FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE CASCADE ON UPDATE CASCADE
) WITH (fillfactor = 80);

CREATE UNIQUE INDEX trial_study_id_number_key ON trial (study_id, number);
-- Claiming and lease keeping touch only the few trials that wait or run.
CREATE INDEX trial_queued_idx ON trial (study_id, number) WHERE state = 'QUEUED';
CREATE INDEX trial_running_idx ON trial (lease_until) WHERE state = 'RUNNING';

CREATE TABLE study_event (
  study_id integer NOT NULL,
  sequence integer NOT NULL,
  kind     text NOT NULL,
  trial_id integer,
  at       timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  change   json NOT NULL,
  CONSTRAINT study_event_pkey PRIMARY KEY (study_id, sequence),
  CONSTRAINT study_event_study_id_fkey FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE metric_clock (
  study_id    integer PRIMARY KEY,
  last_commit integer NOT NULL DEFAULT 0,
  CONSTRAINT metric_clock_study_id_fkey FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE CASCADE ON UPDATE CASCADE
) WITH (fillfactor = 20);

CREATE TABLE metric_series (
  id          bigserial PRIMARY KEY,
  study_id    integer NOT NULL,
  trial_id    integer NOT NULL,
  name        text NOT NULL,
  count       integer NOT NULL,
  last_commit integer NOT NULL,
  last_step   integer NOT NULL,
  last_time   double precision NOT NULL,
  last_value  double precision NOT NULL,
  min_value   double precision,
  max_value   double precision,
  CONSTRAINT metric_series_trial_id_fkey FOREIGN KEY (trial_id) REFERENCES trial (id) ON DELETE CASCADE ON UPDATE CASCADE
) WITH (fillfactor = 70);

CREATE UNIQUE INDEX metric_series_trial_id_name_key ON metric_series (trial_id, name);
CREATE INDEX metric_series_study_id_last_commit_idx ON metric_series (study_id, last_commit);

CREATE TABLE metric_chunk (
  series_id bigint NOT NULL,
  commit    integer NOT NULL,
  steps     bytea NOT NULL,
  values    bytea NOT NULL,
  times     bytea NOT NULL,
  CONSTRAINT metric_chunk_pkey PRIMARY KEY (series_id, commit),
  CONSTRAINT metric_chunk_series_id_fkey FOREIGN KEY (series_id) REFERENCES metric_series (id) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE metric_batches (
  trial_id integer PRIMARY KEY,
  attempt  integer NOT NULL,
  numbers  int4multirange NOT NULL,
  CONSTRAINT metric_batches_trial_id_fkey FOREIGN KEY (trial_id) REFERENCES trial (id) ON DELETE CASCADE ON UPDATE CASCADE
) WITH (fillfactor = 70);
