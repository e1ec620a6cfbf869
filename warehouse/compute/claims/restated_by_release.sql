-- One row: a vintage after $month with $month in its ratings by release dates as printed, in order of days.
SELECT r.*
FROM main.restated_gap AS r
JOIN core.snapshots AS s USING (snapshot_id)
JOIN core.boards AS b ON b.board = r.board
WHERE r.board = $board AND r.variant = $variant AND r.category = 'overall' AND r.month = $month
    AND r.vintage > last_day($month) AND s.coverage = 'whole' AND b.kind <> 'preference' AND r.gap_points IS NOT NULL
ORDER BY r.vintage, r.snapshot_id
