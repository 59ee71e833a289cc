-- How samplers make one objective of several, and null where they see all.
ALTER TABLE study ADD COLUMN scalarisation json;
