-- One row: a publication of a board that a claim is about, category overall, with a leader of both countries.
-- Staged: to plan it takes longer than to ask it, and a dozen claims do.
SELECT g.*, p.is_last_of_day
FROM core.publications AS p
JOIN core.snapshot_gaps AS g ON g.snapshot_id = p.snapshot_id AND g.category = p.category
JOIN internal.settings ON settings.listing = g.listing AND settings.country_rule = g.country_rule
WHERE g.category = 'overall' AND g.gap_points IS NOT NULL
    AND (g.board IN (SELECT board FROM main.claims) OR g.board IN (SELECT beside FROM main.claims))
