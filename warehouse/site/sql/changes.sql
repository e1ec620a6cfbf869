-- What moved the gap of the text arena, a part a row, from one month to the next that has a number: new models of
-- either side, models no longer listed, and new ratings of the same models. Parts that are zero are left out.
WITH changes AS (
  SELECT * FROM gap_changes
  WHERE board = 'arena_text' AND category = 'overall' AND status = 'explained'
), parts AS (
  UNPIVOT (
    SELECT
      variant, month, from_month, months_between, change_points, from_gap_points, gap_points, scale_shift, is_partial,
      us_new_model, us_is_return, cn_new_model, cn_is_return, us_old_leader, us_new_leader, cn_old_leader, cn_new_leader,
      published_on, snapshot_id, us_new, -cn_new AS cn_new, change_from_dropped AS dropped, change_from_rerated AS rerated
    FROM changes
  ) ON us_new, cn_new, dropped, rerated INTO NAME part VALUE points
)
SELECT
  variant, month, from_month, months_between, part, points, change_points, from_gap_points, gap_points,
  CASE part WHEN 'us_new' THEN us_new_model WHEN 'cn_new' THEN cn_new_model END AS model,
  coalesce(CASE part WHEN 'us_new' THEN us_is_return WHEN 'cn_new' THEN cn_is_return END, FALSE) AS is_return,
  us_old_leader, us_new_leader, cn_old_leader, cn_new_leader, scale_shift, is_partial, published_on, snapshot_id,
  split_part(snapshot_id, '/', 1) AS source_id
FROM parts
WHERE abs(points) >= 0.05
QUALIFY month > max(month) OVER () - INTERVAL 30 MONTHS
ORDER BY variant, month, part
