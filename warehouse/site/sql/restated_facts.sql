-- How many months the newest raw vintage moves, and the newest month in which the lead changes hands.
WITH newest AS (
  SELECT *, gap_points - gap_points_then AS change_points, sign(gap_points) <> sign(gap_points_then) AS changes_hands
  FROM restated_gap
  WHERE board = 'arena_text' AND variant = 'raw' AND category = 'overall' AND then_variant = variant
  QUALIFY vintage = max(vintage) OVER ()
)
SELECT
  max(vintage) AS vintage, count(*) AS months,
  count(*) FILTER (abs(change_points) > 10) AS months_moved, 10 AS moved_by_more_than,
  count(*) FILTER (leader_then_missing) AS months_leader_missing,
  count(*) FILTER (changes_hands) AS months_changing_hands,
  max(month) FILTER (changes_hands) AS turned_month,
  arg_max(gap_points_then, month) FILTER (changes_hands) AS turned_then,
  arg_max(gap_points, month) FILTER (changes_hands) AS turned_now,
  arg_max(month, abs(change_points)) AS moved_most_month,
  arg_max(gap_points_then, abs(change_points)) AS moved_most_then,
  arg_max(gap_points, abs(change_points)) AS moved_most_now
FROM newest
