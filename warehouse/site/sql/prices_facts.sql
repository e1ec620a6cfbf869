-- The newest month of whose own lists both countries have a price, at each level, and the vintage of the levels.
WITH pairs AS (
  SELECT us.level, us.month, us.model AS us_model, us.blended_usd_per_mtok AS us_price,
    cn.model AS cn_model, cn.blended_usd_per_mtok AS cn_price, us.snapshot_id
  FROM price_gap AS us
  JOIN price_gap AS cn USING (question, level, month)
  WHERE question = 'level' AND us.country = 'US' AND cn.country = 'CN'
    AND us.blended_usd_per_mtok IS NOT NULL AND cn.blended_usd_per_mtok IS NOT NULL
    AND date_trunc('month', us.price_list_date) = month AND date_trunc('month', cn.price_list_date) = month
)
SELECT
  level, month, us_model, us_price, cn_model, cn_price,
  greatest(us_price, cn_price) / nullif(least(us_price, cn_price), 0) AS times, vintage.published_on AS vintage
FROM pairs
LEFT JOIN core.snapshots AS vintage USING (snapshot_id)
QUALIFY month = max(month) OVER (PARTITION BY level)
ORDER BY level DESC
