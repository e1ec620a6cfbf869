-- The cheapest way to a level of one restated vintage, at the maker's own price: the two highest levels at which
-- both countries have a price. Only prices of a list of the month: one held back there is of an older list.
WITH listed_prices AS (
  SELECT * FROM price_gap
  WHERE question = 'level' AND (price_list_date IS NULL OR date_trunc('month', price_list_date) = month)
), levels AS (
  SELECT level FROM listed_prices WHERE blended_usd_per_mtok IS NOT NULL
  GROUP BY level HAVING count(DISTINCT country) = 2 ORDER BY level DESC LIMIT 2
)
SELECT
  month, level, country, model, blended_usd_per_mtok, input_usd_per_mtok, output_usd_per_mtok, tier_up_to_tokens,
  score, price_status, price_list_date, candidates, priced_candidates, source_id, snapshot_id,
  split_part(snapshot_id, '/', 1) AS ratings_source_id
FROM listed_prices SEMI JOIN levels USING (level)
WHERE month BETWEEN (SELECT min(month) FROM listed_prices WHERE blended_usd_per_mtok IS NOT NULL)
  AND (SELECT max(month) FROM listed_prices WHERE blended_usd_per_mtok IS NOT NULL)
ORDER BY level, month, country
