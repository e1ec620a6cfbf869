-- Open weights in the text arena, month by month and rating by rating: the best open US model less the best open
-- Chinese one, and the best closed model of any country less the best open one. Of a list of leaders without an open US
-- model only a bound is known: `at_most`.
SELECT
  variant, measure, month, coalesce(published_on, last_day(month)) AS day, status, gap_points, gap_low, gap_high, at_most,
  first_model, first_score, second_model, second_score, run, published_on, source_id, snapshot_id
FROM (
  SELECT *, sum(starts::INTEGER) OVER (PARTITION BY variant, measure ORDER BY month)::INTEGER AS run
  FROM (
    SELECT *, gap_points IS NULL OR lag(gap_points) OVER (PARTITION BY variant, measure ORDER BY month) IS NULL AS starts
    FROM (
      SELECT
        variant, 'open_us_minus_open_cn' AS measure, month, status, open_us_minus_open_cn AS gap_points,
        open_us_minus_open_cn_low AS gap_low, open_us_minus_open_cn_high AS gap_high,
        open_us_minus_open_cn_at_most AS at_most, us_open_model AS first_model, us_open_score AS first_score,
        cn_open_model AS second_model, cn_open_score AS second_score, published_on, source_id, snapshot_id
      FROM open_weights_gap WHERE board = 'arena_text' AND category = 'overall'
      UNION ALL
      SELECT
        variant, 'world_closed_minus_open', month, status, world_closed_minus_open, world_closed_minus_open_low,
        world_closed_minus_open_high, NULL, world_closed_model, world_closed_score, world_open_model, world_open_score,
        published_on, source_id, snapshot_id
      FROM open_weights_gap WHERE board = 'arena_text' AND category = 'overall'
    )
  )
)
WHERE gap_points IS NOT NULL OR at_most IS NOT NULL
ORDER BY measure, variant, month
