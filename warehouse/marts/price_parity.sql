-- One row: a level and a month in whose lists both countries have a price at it.
-- The cheapest model of each country that reaches the level, by the question level of price_gap: both prices are of
-- lists of that month, so that no older price is held against a newer one, and both scores are of one vintage.
SELECT
    us.month,
    us.level,
    us.model AS us_model,
    us.blended_usd_per_mtok AS us_usd_per_mtok,
    us.tier_up_to_tokens AS us_tier_up_to_tokens,
    cn.model AS cn_model,
    cn.blended_usd_per_mtok AS cn_usd_per_mtok,
    cn.tier_up_to_tokens AS cn_tier_up_to_tokens,
    us.blended_usd_per_mtok / nullif(cn.blended_usd_per_mtok, 0) AS us_per_cn_price,
    us.month = max(us.month) OVER (PARTITION BY us.level) AS is_newest,
    us.price_list_date AS us_price_list_date,
    us.source_id AS us_source_id,
    cn.price_list_date AS cn_price_list_date,
    cn.source_id AS cn_source_id,
    us.snapshot_id
FROM main.price_gap AS us
JOIN main.price_gap AS cn
    ON cn.question = us.question AND cn.level = us.level AND cn.month = us.month AND cn.snapshot_id = us.snapshot_id
JOIN internal.settings ON us.country = settings.country_a AND cn.country = settings.country_b
WHERE us.question = 'level'
    AND date_trunc('month', us.price_list_date) = us.month
    AND date_trunc('month', cn.price_list_date) = cn.month
ORDER BY us.level, us.month
