-- The checkpoints that are to go when their trials have ended.
CREATE INDEX artifact_checkpoint_idx ON artifact (trial_id)
  WHERE content_type = 'application/vnd.trialgraph.checkpoint';
