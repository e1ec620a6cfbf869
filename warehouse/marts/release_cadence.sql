-- One row: a month, arena board and country.
-- Models by the month and board of their first listing; entered_top_10 and entered_top_50 count those that
-- stood there in a publication of the same month, in the category overall of any variant. In a board's first
-- month everything on it is first listed. A joint model of several home countries, or one of unknown make,
-- counts for no country.
WITH places AS (
    SELECT
        p.board,
        date_trunc('month', p.published_on)::DATE AS month,
        c.model_id,
        rank() OVER (PARTITION BY p.snapshot_id ORDER BY c.score DESC) AS place
    FROM core.publications AS p
    JOIN core.scores AS c ON c.snapshot_id = p.snapshot_id AND c.category = p.category
    WHERE starts_with(p.board, 'arena_') AND p.category = 'overall' AND c.score IS NOT NULL AND NOT c.is_ambiguous
),
best_places AS (
    SELECT board, month, model_id, min(place) AS place
    FROM places
    GROUP BY board, month, model_id
)
SELECT
    f.board,
    date_trunc('month', f.first_listed_on)::DATE AS month,
    m.country,
    count(*)::INTEGER AS first_listed,
    count(*) FILTER (b.place <= 10)::INTEGER AS entered_top_10,
    count(*) FILTER (b.place <= 50)::INTEGER AS entered_top_50
FROM core.first_listed AS f
CROSS JOIN internal.settings
JOIN core.model_countries AS m
    ON m.model_id = f.model_id AND m.country_rule = settings.country_rule
    AND f.first_listed_on BETWEEN m.valid_from AND m.valid_to
LEFT JOIN best_places AS b
    ON b.board = f.board AND b.model_id = f.model_id AND b.month = date_trunc('month', f.first_listed_on)
WHERE starts_with(f.board, 'arena_')
GROUP BY f.board, date_trunc('month', f.first_listed_on), m.country
ORDER BY f.board, date_trunc('month', f.first_listed_on), m.country
