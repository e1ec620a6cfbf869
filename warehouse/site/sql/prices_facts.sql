-- The newest month in which both countries have a price, at each level.
WITH pairs AS (
  SELECT us.level, us.month, us.model AS us_model, us.blended_usd_per_mtok AS us_price,
    cn.model AS cn_model, cn.blended_usd_per_mtok AS cn_price
  FROM price_gap AS us
  JOIN price_gap AS cn USING (question, level, month)
  WHERE question = 'level' AND us.country = 'US' AND cn.country = 'CN'
    AND us.blended_usd_per_mtok > 0 AND cn.blended_usd_per_mtok > 0
)
SELECT
  level, month, us_model, us_price, cn_model, cn_price,
  greatest(us_price, cn_price) / least(us_price, cn_price) AS times
FROM pairs
QUALIFY month = max(month) OVER (PARTITION BY level)
ORDER BY level DESC
