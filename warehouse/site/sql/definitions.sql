-- The gap of one month of the text arena by every reading of "the gap": the rating, which publication of the month, which
-- models count, the ratings of which day; and what others have claimed of it. The months: the newest, the newest that has
-- later ratings too, and of those of which there is a claim the one whose figures are furthest apart. Readings of one figure are one row, `same_as` how many.
WITH gaps AS (
  SELECT * FROM gap_definitions
  WHERE board = 'arena_text' AND category = 'overall' AND country_rule = 'hq' AND gap_points IS NOT NULL
), claimed AS (
  SELECT
    strptime(period || '-01', '%Y-%m-%d')::DATE AS month, variant, claim_id, claimant, claimed_on,
    try_cast(claim_checks.claimed_value AS DOUBLE) AS gap_points
  FROM claims JOIN claim_checks USING (claim_id)
  WHERE board = 'arena_text' AND measure IN ('gap_points', 'restated_gap_points')
    AND regexp_full_match(period, '\d{4}-\d{2}')
), restated AS (
  SELECT month, variant, vintage, gap_points, us_model, cn_model, snapshot_id FROM restated_gap
  WHERE board = 'arena_text' AND category = 'overall' AND gap_points IS NOT NULL AND vintage > last_day(month)
  QUALIFY vintage = max(vintage) OVER (PARTITION BY month, variant)
), readings AS (
  SELECT
    month, variant, 'definition' AS kind, month_rule AS reading, listing, NULL::DATE AS vintage, gap_points, us_model,
    cn_model, published_on, snapshot_id, month_rule = 'last' AND listing = 'any' AS is_default, NULL AS claimant
  FROM gaps
  UNION ALL
  SELECT month, variant, 'vintage', 'restated', 'any', vintage, gap_points, us_model, cn_model, vintage, snapshot_id, FALSE, NULL
  FROM restated
  UNION ALL
  SELECT month, variant, 'claim', 'claimed', 'any', claimed_on, gap_points, NULL, NULL, claimed_on, NULL, FALSE, claimant
  FROM claimed WHERE gap_points IS NOT NULL
), months AS (
  SELECT max(month) AS month FROM gaps
  UNION ALL SELECT max(month) FROM restated
  UNION ALL SELECT arg_max(month, spread) FROM (
    SELECT month, max(gap_points) - min(gap_points) AS spread FROM readings SEMI JOIN claimed USING (month) GROUP BY month
  )
)
SELECT
  month, variant, kind, arg_min(readings.reading, place) AS reading, arg_min(readings.listing, place) AS listing, vintage, gap_points,
  us_model, cn_model, published_on, bool_or(is_default) AS is_default, claimant, count(*) AS same_as,
  split_part(snapshot_id, '/', 1) AS source_id
FROM (
  SELECT *, list_position(['last', 'first', 'mean', 'min', 'max', 'restated', 'claimed'], reading) + 10 * (listing <> 'any')::INTEGER AS place
  FROM readings
) AS readings
SEMI JOIN months USING (month)
GROUP BY month, variant, kind, vintage, gap_points, us_model, cn_model, published_on, claimant, snapshot_id
-- a mean of one publication says nothing new
QUALIFY arg_min(readings.reading, place) <> 'mean'
  OR count(*) OVER (PARTITION BY month, variant, round(gap_points, 6)) = 1
ORDER BY month DESC, gap_points DESC, variant, 4, 5
