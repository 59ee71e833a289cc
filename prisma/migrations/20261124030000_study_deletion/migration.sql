ALTER TABLE study ADD COLUMN deleted_at timestamptz(3);
CREATE INDEX study_deleted_at_idx ON study (deleted_at) WHERE deleted_at IS NOT NULL;

-- A deleted study gives its name free at once.
DROP INDEX study_project_name_key;
CREATE UNIQUE INDEX study_project_name_key ON study (project, name) WHERE deleted_at IS NULL;
