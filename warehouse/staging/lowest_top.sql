-- One row: a category of one snapshot in which a country of the compared pair has a model.
-- lowest_top: the lower of the two tops; null when one of the two has no model there. Whoever reaches it could lead.
SELECT snapshot_id, category, CASE WHEN count(*) = 2 THEN min(score) END AS lowest_top
FROM core.country_leaders
JOIN internal.settings USING (listing, country_rule)
WHERE country IN (country_a, country_b)
GROUP BY ALL
