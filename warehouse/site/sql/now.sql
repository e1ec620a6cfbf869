-- The newest gap of the text arena, one row a variant: its leaders, its interval if one is published, how far
-- the definitions of that month are apart, the gap of models that were public that day, and the same of the newest month that has an interval.
WITH gaps AS (
  SELECT * FROM monthly_gap
  WHERE board = 'arena_text' AND category = 'overall' AND gap_points IS NOT NULL
), latest_gaps AS (
  SELECT * FROM gaps QUALIFY month = max(month) OVER (PARTITION BY variant)
), gaps_with_interval AS (
  SELECT * FROM gaps WHERE gap_low IS NOT NULL
  QUALIFY month = max(month) OVER (PARTITION BY variant)
), definition_spreads AS (
  SELECT variant, month, max(definition_spread) AS definition_spread FROM gap_definitions
  WHERE board = 'arena_text' AND category = 'overall'
  GROUP BY variant, month
), public_gaps AS (
  SELECT variant, month, gap_points FROM gap_definitions
  WHERE board = 'arena_text' AND category = 'overall' AND month_rule = 'last' AND listing = 'public' AND country_rule = 'hq'
), makers AS (
  SELECT organization_id, arg_max(name, valid_from) AS name FROM core.organizations GROUP BY organization_id
)
SELECT
  latest.variant, latest.month, latest.month_is_open, latest.published_on, latest.days_before_month_end, latest.status, latest.gap_points, latest.gap_low, latest.gap_high, latest.gap_at_least,
  public.gap_points AS public_gap,
  spread.definition_spread, latest.gap_pct_of_cn, 100 * latest.us_win_probability AS us_wins_pct,
  latest.us_model, us_maker.name AS us_maker, latest.us_score, latest.cn_model, cn_maker.name AS cn_maker, latest.cn_score,
  measured.month AS interval_month, measured.gap_points AS interval_gap,
  measured.gap_low AS interval_low, measured.gap_high AS interval_high, measured_spread.definition_spread AS interval_spread,
  latest.source_id, latest.snapshot_id
FROM latest_gaps AS latest
LEFT JOIN gaps_with_interval AS measured USING (variant)
LEFT JOIN public_gaps AS public ON public.variant = latest.variant AND public.month = latest.month
LEFT JOIN definition_spreads AS spread ON spread.variant = latest.variant AND spread.month = latest.month
LEFT JOIN definition_spreads AS measured_spread
  ON measured_spread.variant = measured.variant AND measured_spread.month = measured.month
LEFT JOIN makers AS us_maker ON us_maker.organization_id = latest.us_organization_id
LEFT JOIN makers AS cn_maker ON cn_maker.organization_id = latest.cn_organization_id
ORDER BY latest.variant
