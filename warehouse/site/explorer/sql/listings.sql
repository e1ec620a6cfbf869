-- The months of monthly_gap with only the models that people could use that day.
SELECT
  s.listing, g.board, g.variant, g.category, g.month, s.status, s.us_model, s.us_score, s.cn_model, s.cn_score, s.gap_points,
  s.gap_pct_of_cn, s.us_win_probability
FROM monthly_gap AS g
JOIN core.snapshot_gaps AS s
  ON s.snapshot_id = g.snapshot_id AND s.category = g.category AND s.country_rule = g.country_rule
WHERE s.listing IN ('public', 'known_public') AND s.gap_points IS NOT NULL
ORDER BY s.listing DESC, g.board, g.variant, g.category, g.month
