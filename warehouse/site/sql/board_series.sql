-- Every month of each series that has a page: a board overall, and its categories with at least six observed months. A
-- month counts as observed when it has a gap and not all that is held of it repeats an earlier month. A line is drawn
-- within one `run` only: a month without a number, or another zero of the scale, ends it.
WITH gaps AS (
  SELECT monthly_gap.*, coalesce(coverage.reason, '') = 'repeated' AS is_repeated
  FROM monthly_gap LEFT JOIN meta.coverage AS coverage USING (board, variant, month)
), paged AS (
  SELECT board, category FROM (
    SELECT board, variant, category, count(*) FILTER (gap_points IS NOT NULL AND NOT is_repeated) AS observed
    FROM gaps GROUP BY ALL
  ) WHERE category = 'overall' OR observed >= 6
  GROUP BY ALL
), months AS (
  SELECT
    *, lag(gap_points) OVER past IS NULL OR anchor IS DISTINCT FROM lag(anchor) OVER past AS starts,
    min(month) FILTER (status <> 'no_snapshot') OVER (PARTITION BY board, variant, category) AS first_held
  FROM gaps SEMI JOIN paged USING (board, category)
  WINDOW past AS (PARTITION BY board, variant, category ORDER BY month)
)
SELECT
  board, category, variant, month, coalesce(published_on, last_day(month)) AS day, status, gap_points, gap_low, gap_high,
  gap_at_least, us_win_probability * 100 AS us_wins_pct, is_tie, near_ceiling, us_model, us_score, cn_model, cn_score,
  sum(starts::INTEGER) OVER (PARTITION BY board, variant, category ORDER BY month)::INTEGER AS run, is_repeated,
  published_on, days_before_month_end, month_is_open, date_basis, anchor_is_standard, source_id, snapshot_id
FROM months
WHERE month >= first_held
ORDER BY board, category <> 'overall', category, variant, month
