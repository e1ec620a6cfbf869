-- The gap of every two countries that have a month in common, but for the US and China. The country named first has
-- more months, and the US and China go before all others.
WITH counted AS (
  SELECT l.country, count(*) AS months
  FROM monthly_gap AS g
  JOIN core.country_leaders AS l USING (snapshot_id, category, listing, country_rule)
  GROUP BY l.country
), placed AS (
  SELECT country, row_number() OVER (ORDER BY country <> 'US', country <> 'CN', months DESC, country) AS place FROM counted
), pairs AS (
  SELECT a.country AS a, b.country AS b, a.place AS a_place, b.place AS b_place
  FROM placed AS a JOIN placed AS b ON a.place < b.place
  WHERE NOT (a.country = 'US' AND b.country = 'CN')
)
SELECT
  p.a, p.b, g.board, g.variant, g.category, g.month, g.status, g.gap_points, g.gap_low, g.gap_high, g.gap_pct_of_b,
  g.a_win_probability
FROM pairs AS p, LATERAL (FROM gap_pair(p.a, p.b)) AS g
WHERE g.gap_points IS NOT NULL
ORDER BY p.a_place, p.b_place, g.board, g.variant, g.category, g.month
