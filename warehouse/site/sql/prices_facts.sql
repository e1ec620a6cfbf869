-- At each level the newest month in whose lists both countries have a price, and the vintage of the levels.
SELECT
  level, month, us_model, us_usd_per_mtok AS us_price, cn_model, cn_usd_per_mtok AS cn_price,
  greatest(us_per_cn_price, 1 / nullif(us_per_cn_price, 0)) AS times, vintage.published_on AS vintage
FROM price_parity
LEFT JOIN core.snapshots AS vintage USING (snapshot_id)
WHERE is_newest
ORDER BY level DESC
