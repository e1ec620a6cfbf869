-- Whose figures each source has, and under what licence.
SELECT source_id, producer, licence FROM meta.sources ORDER BY source_id
