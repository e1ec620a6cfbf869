-- Other snapshots of a series that were published on the same day. One row: a snapshot.
SELECT s.snapshot_id, s.coverage, s.precision, s.models
FROM core.snapshots AS s
JOIN core.snapshot_categories AS c USING (snapshot_id)
WHERE
  s.board = $board
  AND s.variant = $variant
  AND c.category = $category
  AND s.published_on = $published_on
  AND s.snapshot_id <> $snapshot_id
ORDER BY s.snapshot_id
