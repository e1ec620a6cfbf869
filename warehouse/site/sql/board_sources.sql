-- Whose figures are held of each board, by whom they come, and how many publications.
SELECT
  board, source_id, title, producer, mirror, licence, licence_address, sources.address, sources.basis,
  count(*) AS snapshots, min(published_on) AS first_day, max(published_on) AS last_day
FROM core.snapshots AS snapshots JOIN meta.sources AS sources USING (source_id)
GROUP BY ALL
ORDER BY board, snapshots DESC, source_id
