-- The best model of each of two countries in the publication that stands for a month, overall: of every pair that has at
-- least twelve such months on one board, the newest of them in the newest three months of the release. The same rows as
-- gap_pair(a, b), without those that have no gap.
WITH leaders AS (
  SELECT months.board, months.variant, months.month, months.snapshot_id, months.published_on, months.date_basis,
    months.source_id, months.month_is_open, leaders.country, leaders.model_name, leaders.score, leaders.standard_error
  FROM monthly_gap AS months
  JOIN core.country_leaders AS leaders USING (snapshot_id, category, listing, country_rule)
  WHERE months.category = 'overall' AND NOT starts_with(months.board, 'self_')
    AND months.status NOT IN ('no_snapshot', 'ambiguous', 'withheld')
), gaps AS (
  SELECT
    a.country AS a_country, b.country AS b_country, a.board, a.variant, a.month, a.published_on, a.month_is_open,
    a.model_name AS a_model, a.score AS a_score, b.model_name AS b_model, b.score AS b_score,
    a.score - b.score AS gap_points,
    CASE WHEN snapshots.coverage = 'whole' OR least(a.score, b.score) >= categories.highest_unlisted
      THEN sqrt(a.standard_error ** 2 + b.standard_error ** 2
                + CASE WHEN snapshots.precision = 'rounded' THEN 2 / 12 ELSE 0 END) END AS gap_error,
    snapshots.coverage, a.date_basis, a.source_id, a.snapshot_id
  FROM leaders AS a
  JOIN leaders AS b ON b.snapshot_id = a.snapshot_id AND b.month = a.month AND b.country <> a.country
  JOIN core.snapshots AS snapshots ON snapshots.snapshot_id = a.snapshot_id
  LEFT JOIN core.snapshot_categories AS categories
    ON categories.snapshot_id = a.snapshot_id AND categories.category = 'overall'
  WHERE a.country IN ('US', 'CN') AND b.country NOT IN ('US', 'CN')
), kept AS (
  SELECT DISTINCT a_country, b_country FROM (
    SELECT a_country, b_country, count(*) AS months, max(month) AS newest
    FROM gaps GROUP BY a_country, b_country, board, variant
  )
  WHERE months >= 12 AND newest > (SELECT latest_month FROM meta.release) - INTERVAL 6 MONTH
), runs AS (
  SELECT *, 12 * year(month) + month(month) - row_number() OVER (
    PARTITION BY a_country, b_country, board, variant ORDER BY month) AS run
  FROM gaps SEMI JOIN kept USING (a_country, b_country)
)
SELECT
  a_country, b_country, board, variant, month, published_on AS day, gap_points,
  gap_points - 1.959963984540054 * gap_error AS gap_low, gap_points + 1.959963984540054 * gap_error AS gap_high, NULL::DOUBLE AS gap_at_least,
  a_model, a_score, b_model, b_score, run, CASE coverage WHEN 'leaders' THEN 'leaders_only' ELSE 'observed' END AS status,
  month_is_open, published_on, date_basis, source_id, snapshot_id
FROM runs
ORDER BY a_country DESC, b_country, board, variant, month
