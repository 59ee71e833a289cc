-- Trials of studies with a higher priority start first.
ALTER TABLE study ADD COLUMN priority integer NOT NULL DEFAULT 0;
