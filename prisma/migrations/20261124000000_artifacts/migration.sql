CREATE TABLE artifact_blob (
  sha256         text PRIMARY KEY,
  size           bigint NOT NULL,
  uploads        integer NOT NULL DEFAULT 0,
  reserved_until timestamptz(3)
);

CREATE TABLE artifact (
  trial_id     integer NOT NULL,
  name         text NOT NULL,
  sha256       text NOT NULL,
  content_type text NOT NULL,
  created_at   timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT artifact_pkey PRIMARY KEY (trial_id, name),
  CONSTRAINT artifact_trial_id_fkey FOREIGN KEY (trial_id) REFERENCES trial (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT artifact_sha256_fkey FOREIGN KEY (sha256) REFERENCES artifact_blob (sha256) ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE INDEX artifact_sha256_idx ON artifact (sha256);
