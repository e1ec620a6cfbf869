-- Whose figures these are, under what licence, and how fresh.
SELECT
  source_id, title, producer, mirror, licence, licence_address, address, citation, coverage, "precision",
  redistributable, redistribution_note, inputs, last_published_on, last_fetch, next_expected, is_repeating
FROM meta.sources JOIN meta.source_status USING (source_id)
ORDER BY inputs = 0, producer, source_id
