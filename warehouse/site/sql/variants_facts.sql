-- The months that both variants have: how many, in how many the leaders differ, and the newest of them.
WITH shared_months AS (
  SELECT raw.month, raw.gap_points AS raw_gap, styled.gap_points AS style_gap,
    raw.us_model_id IS DISTINCT FROM styled.us_model_id
      OR raw.cn_model_id IS DISTINCT FROM styled.cn_model_id AS leaders_differ
  FROM monthly_gap AS raw
  JOIN monthly_gap AS styled USING (board, category, month)
  WHERE board = 'arena_text' AND category = 'overall' AND raw.variant = 'raw' AND styled.variant = 'style_control'
    AND raw.gap_points IS NOT NULL AND styled.gap_points IS NOT NULL
)
SELECT
  count(*) AS months, count(*) FILTER (leaders_differ) AS months_leaders_differ,
  max(month) AS last_month, arg_max(raw_gap, month) AS raw_gap, arg_max(style_gap, month) AS style_gap
FROM shared_months
