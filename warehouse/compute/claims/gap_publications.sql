-- One row: a publication of $board and $variant, overall, with a leader of both countries, in order of days.
-- From $since to $until, both included.
SELECT g.*
FROM core.publications AS p
JOIN core.snapshot_gaps AS g ON g.snapshot_id = p.snapshot_id AND g.category = p.category
JOIN internal.settings ON settings.listing = g.listing AND settings.country_rule = g.country_rule
WHERE g.board = $board AND g.variant = $variant AND g.category = 'overall' AND g.gap_points IS NOT NULL
    AND g.published_on BETWEEN $since AND $until
ORDER BY p.published_on, p.is_last_of_day
