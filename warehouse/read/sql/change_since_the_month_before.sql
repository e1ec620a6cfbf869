-- What moved the gap of one month. At most one row.
FROM main.gap_changes
WHERE board = $board AND variant = $variant AND category = $category AND month = $month
