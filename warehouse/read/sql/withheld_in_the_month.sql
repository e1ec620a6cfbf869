SELECT published_on, snapshot_id, message
FROM meta.withheld
WHERE board = $board AND variant = $variant AND category = $category AND date_trunc('month', published_on) = $month
ORDER BY published_on DESC, snapshot_id, message
