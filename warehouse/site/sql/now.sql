-- The newest gap of the text arena, one row a rating, the one with style control first: its leaders, its interval if
-- one is published, the same from the side of the leader, how far the definitions of that month are apart, the gap of
-- models that were public that day, since when the leader has led, and the newest month that has an interval.
WITH series AS (
  SELECT * FROM monthly_gap WHERE board = 'arena_text' AND category = 'overall'
), gaps AS (
  -- 0.05: smaller is level, as 0.0 is shown
  SELECT *, CASE WHEN gap_points >= 0.05 THEN 'US' WHEN gap_points <= -0.05 THEN 'CN' ELSE 'level' END AS leader
  FROM series WHERE gap_points IS NOT NULL
), latest_gaps AS (
  SELECT * FROM gaps QUALIFY month = max(month) OVER (PARTITION BY variant)
), gaps_with_interval AS (
  SELECT * FROM gaps WHERE gap_low IS NOT NULL
  QUALIFY month = max(month) OVER (PARTITION BY variant)
), newest_months AS (
  SELECT variant, max(month) AS month, arg_max(status, month) AS status FROM series GROUP BY variant
), other_leaders AS (
  SELECT gaps.variant, max(gaps.month) AS month
  FROM gaps JOIN latest_gaps USING (variant) WHERE gaps.leader <> latest_gaps.leader GROUP BY gaps.variant
), reigns AS (
  SELECT gaps.variant, min(gaps.month) AS since, count(*) AS months
  FROM gaps LEFT JOIN other_leaders USING (variant)
  WHERE other_leaders.month IS NULL OR gaps.month > other_leaders.month GROUP BY gaps.variant
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
  latest.variant, latest.month, latest.month_is_open, latest.published_on, latest.date_basis, latest.days_before_month_end, latest.status, latest.gap_points, latest.gap_low, latest.gap_high, latest.gap_at_least,
  latest.leader, abs(latest.gap_points) AS lead_points,
  CASE WHEN latest.gap_points < 0 THEN -latest.gap_high ELSE latest.gap_low END AS lead_low,
  CASE WHEN latest.gap_points < 0 THEN -latest.gap_low ELSE latest.gap_high END AS lead_high,
  100 * greatest(latest.us_win_probability, 1 - latest.us_win_probability) AS leader_score_pct,
  reigns.since AS leads_since, reigns.months AS months_led,
  newest.month AS newest_month, newest.status AS newest_status,
  public.gap_points AS public_gap,
  spread.definition_spread, latest.gap_pct_of_cn, 100 * latest.us_win_probability AS us_wins_pct,
  latest.us_model, us_maker.name AS us_maker, latest.us_score, latest.cn_model, cn_maker.name AS cn_maker, latest.cn_score,
  measured.month AS interval_month, measured.gap_points AS interval_gap,
  measured.gap_low AS interval_low, measured.gap_high AS interval_high, measured_spread.definition_spread AS interval_spread,
  latest.source_id, latest.snapshot_id
FROM latest_gaps AS latest
JOIN newest_months AS newest USING (variant)
JOIN reigns ON reigns.variant = latest.variant
LEFT JOIN gaps_with_interval AS measured ON measured.variant = latest.variant
LEFT JOIN public_gaps AS public ON public.variant = latest.variant AND public.month = latest.month
LEFT JOIN definition_spreads AS spread ON spread.variant = latest.variant AND spread.month = latest.month
LEFT JOIN definition_spreads AS measured_spread
  ON measured_spread.variant = measured.variant AND measured_spread.month = measured.month
LEFT JOIN makers AS us_maker ON us_maker.organization_id = latest.us_organization_id
LEFT JOIN makers AS cn_maker ON cn_maker.organization_id = latest.cn_organization_id
ORDER BY latest.variant <> 'style_control', latest.variant
