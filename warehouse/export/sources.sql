-- Every source with figures in the release, how many of its inputs it uses, and when the newest was known.
-- One row: a source.
SELECT
  source_id,
  s.title,
  s.producer,
  s.mirror,
  s.address,
  s.citation,
  s.licence,
  s.licence_address,
  s.redistributable,
  s.share_alike,
  count(*)::INTEGER AS inputs,
  max(i.known_at) AS known_to
FROM meta.inputs AS i
JOIN meta.sources AS s USING (source_id)
GROUP BY ALL
ORDER BY source_id
