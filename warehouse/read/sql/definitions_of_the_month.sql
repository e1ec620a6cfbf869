-- How far the gap of one month depends on its definition. One row.
SELECT
  min(gap_points) AS low,
  max(gap_points) AS high,
  max(definition_spread) AS spread,
  count(*) AS definitions
FROM main.gap_definitions
WHERE board = $board AND variant = $variant AND category = $category AND month = $month
