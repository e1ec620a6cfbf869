-- Of each rating of the text arena: the newest month with both sides, since when China has been ahead there, and the
-- newest gap between closed and open weights.
WITH months AS (
  SELECT * FROM open_weights_gap WHERE board = 'arena_text' AND category = 'overall'
), measured AS (
  SELECT * FROM months WHERE open_us_minus_open_cn IS NOT NULL
), turns AS (
  SELECT variant, max(month) FILTER (open_us_minus_open_cn > -0.05) AS last_us_month FROM measured GROUP BY variant
), newest AS (
  SELECT * FROM measured QUALIFY month = max(month) OVER (PARTITION BY variant)
), closed AS (
  SELECT
    variant, month AS closed_month, world_closed_minus_open AS closed_gap, world_closed_model AS closed_model,
    world_open_model AS open_model, world_open_country AS open_country
  FROM months WHERE world_closed_minus_open IS NOT NULL
  QUALIFY month = max(month) OVER (PARTITION BY variant)
)
SELECT
  newest.variant, newest.month, newest.published_on, newest.open_us_minus_open_cn AS gap_points,
  newest.open_us_minus_open_cn_low AS gap_low, newest.open_us_minus_open_cn_high AS gap_high,
  newest.us_open_model AS us_model, newest.cn_open_model AS cn_model, last_us_month,
  (SELECT min(month) FROM measured AS after WHERE after.variant = newest.variant
   AND (last_us_month IS NULL OR after.month > last_us_month)) AS cn_since,
  (SELECT count(*) FROM measured AS after WHERE after.variant = newest.variant
   AND (last_us_month IS NULL OR after.month > last_us_month)) AS cn_months,
  closed_month, closed_gap, closed_model, open_model, open_country
FROM newest JOIN turns USING (variant) JOIN closed USING (variant)
ORDER BY newest.month DESC, newest.variant DESC
