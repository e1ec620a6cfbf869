-- The best model of each country in the publication that stands for a month.
SELECT g.board, g.variant, g.category, g.month, l.country, l.model_name AS model, l.score
FROM monthly_gap AS g
JOIN core.country_leaders AS l USING (snapshot_id, category, listing, country_rule)
ORDER BY l.country, g.board, g.variant, g.category, g.month
