-- Of each rating of the text arena, in the newest thirty months: how many changes are larger than ten points, what they
-- are mostly made of, the largest of them, the newest change, and the change over twelve months with its error.
WITH changes AS (
  SELECT *, 10 AS large,
    CASE greatest(abs(us_new), abs(cn_new), abs(change_from_dropped), abs(change_from_rerated))
      WHEN abs(us_new) THEN 'us_new' WHEN abs(cn_new) THEN 'cn_new' WHEN abs(change_from_dropped) THEN 'dropped'
      ELSE 'rerated' END AS main_part
  FROM gap_changes
  WHERE board = 'arena_text' AND category = 'overall' AND status = 'explained'
  QUALIFY month > max(month) OVER () - INTERVAL 30 MONTHS
)
SELECT
  variant, any_value(large) AS large, count(*) AS changes, min(from_month) AS first_month,
  count(*) FILTER (abs(change_points) > large) AS large_changes,
  count(*) FILTER (abs(change_points) > large AND main_part = 'us_new') AS mostly_us_new,
  count(*) FILTER (abs(change_points) > large AND main_part = 'cn_new') AS mostly_cn_new,
  count(*) FILTER (abs(change_points) > large AND main_part = 'rerated') AS mostly_rerated,
  count(*) FILTER (abs(change_points) > large AND main_part = 'dropped') AS mostly_dropped,
  arg_max(month, abs(change_points)) AS largest_month, arg_max(change_points, abs(change_points)) AS largest_change,
  max(month) AS last_month, arg_max(change_points, month) AS last_change, arg_max(change_12m, month) AS change_12m,
  1.96 * arg_max(change_12m_error, month) AS change_12m_margin
FROM changes
GROUP BY variant
ORDER BY variant
