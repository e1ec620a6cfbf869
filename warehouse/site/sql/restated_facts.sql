-- How many months the newest raw vintage moves, and the newest month in which the lead changes sides.
WITH newest_gaps AS (
  SELECT *, 10 AS moved_by_more_than, sign(gap_points) <> sign(gap_points_then) AS changes_sides
  FROM restated_gap
  WHERE board = 'arena_text' AND variant = 'raw' AND category = 'overall' AND then_variant = variant
  QUALIFY vintage = max(vintage) OVER ()
)
SELECT
  max(vintage) AS vintage, count(*) AS months,
  count(*) FILTER (abs(gap_points - gap_points_then) > moved_by_more_than) AS months_moved,
  any_value(moved_by_more_than) AS moved_by_more_than,
  count(*) FILTER (leader_then_missing) AS months_leader_missing,
  count(*) FILTER (changes_sides) AS months_changing_sides,
  max(month) FILTER (changes_sides) AS turned_month,
  arg_max(gap_points_then, month) FILTER (changes_sides) AS turned_then,
  arg_max(gap_points, month) FILTER (changes_sides) AS turned_now
FROM newest_gaps
