-- One row: an unrounded vintage from $since on, with $month in its ratings, in order of days.
SELECT r.*
FROM main.restated_gap AS r
JOIN core.snapshots AS s USING (snapshot_id)
WHERE r.board = $board AND r.variant = $variant AND r.category = 'overall' AND r.month = $month
    AND r.vintage >= $since AND s.precision = 'full'
ORDER BY r.vintage, r.snapshot_id
