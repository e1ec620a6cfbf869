-- One row: a month, arena board and country.
-- Models by the month and board of their first listing; entered_top_10 and entered_top_50 count those that
-- stood there in a publication of the same month, in the category overall of any variant. A model counts once:
-- under another name or with another effort it is not new, and is among further_listings. Every month from the
-- board's first publication to its newest has a row for each country that ever had a model there. list_status
-- says if a whole list was published in the month: of a short one only the top rows are known, so others count
-- in a later month, which catches_up marks; without any list the counts are unknown, not zero. In a board's first
-- month everything on it is first listed. A joint model of several home countries, or one of unknown make, counts
-- for no country.
WITH published AS (
    SELECT
        p.board,
        date_trunc('month', p.published_on)::DATE AS month,
        p.snapshot_id,
        s.coverage = 'whole' AS is_whole
    FROM core.publications AS p
    JOIN core.snapshots AS s ON s.snapshot_id = p.snapshot_id
    WHERE starts_with(p.board, 'arena_') AND p.category = 'overall'
),
months AS (
    SELECT
        span.board,
        span.month,
        CASE WHEN lists.is_whole THEN 'whole' WHEN lists.month IS NULL THEN 'none' ELSE 'short' END AS list_status,
        lag(list_status, 1, 'none') OVER (PARTITION BY span.board ORDER BY span.month) <> 'whole' AS catches_up
    FROM (
        SELECT board, unnest(generate_series(min(month), max(month), INTERVAL 1 MONTH))::DATE AS month
        FROM published
        GROUP BY board
    ) AS span
    LEFT JOIN (SELECT board, month, bool_or(is_whole) AS is_whole FROM published GROUP BY board, month) AS lists
        ON lists.board = span.board AND lists.month = span.month
),
named AS (
    SELECT model_id, coalesce(base_model, model_id) AS model
    FROM core.models
),
listed AS MATERIALIZED (
    SELECT p.board, p.month, p.snapshot_id, n.model, c.score
    FROM published AS p
    JOIN core.scores AS c ON c.snapshot_id = p.snapshot_id AND c.category = 'overall'
    LEFT JOIN named AS n ON n.model_id = c.model_id
    WHERE c.score IS NOT NULL AND NOT c.is_ambiguous
),
-- Of equal scores all stand where the first does: a model is among the top ten if it has the tenth best score.
tops AS (
    SELECT snapshot_id, list_min(max(score, 10)) AS tenth, list_min(max(score, 50)) AS fiftieth
    FROM listed
    GROUP BY snapshot_id
),
best_places AS (
    SELECT
        l.board,
        l.month,
        l.model,
        bool_or(l.score >= t.tenth) AS in_top_10,
        bool_or(l.score >= t.fiftieth) AS in_top_50
    FROM listed AS l
    JOIN tops AS t USING (snapshot_id)
    GROUP BY l.board, l.month, l.model
),
listings AS (
    SELECT
        f.board,
        date_trunc('month', f.first_listed_on)::DATE AS month,
        m.country,
        n.model,
        -- Under the rule any a model is new for each of its countries: they share the first place.
        rank() OVER (PARTITION BY f.board, n.model ORDER BY f.first_listed_on, f.model_id) = 1 AS is_new
    FROM core.first_listed AS f
    CROSS JOIN internal.settings
    JOIN named AS n ON n.model_id = f.model_id
    JOIN core.model_countries AS m
        ON m.model_id = f.model_id AND m.country_rule = settings.country_rule
        AND f.first_listed_on BETWEEN m.valid_from AND m.valid_to
    WHERE starts_with(f.board, 'arena_')
),
counted AS (
    SELECT
        l.board,
        l.month,
        l.country,
        count(*) FILTER (l.is_new) AS first_listed,
        count(*) FILTER (l.is_new AND b.in_top_10) AS entered_top_10,
        count(*) FILTER (l.is_new AND b.in_top_50) AS entered_top_50,
        count(*) FILTER (NOT l.is_new) AS further_listings
    FROM listings AS l
    LEFT JOIN best_places AS b ON b.board = l.board AND b.model = l.model AND b.month = l.month
    GROUP BY l.board, l.month, l.country
)
SELECT
    m.board,
    m.month,
    e.country,
    CASE WHEN m.list_status <> 'none' THEN coalesce(c.first_listed, 0)::INTEGER END AS first_listed,
    CASE WHEN m.list_status <> 'none' THEN coalesce(c.entered_top_10, 0)::INTEGER END AS entered_top_10,
    CASE WHEN m.list_status <> 'none' THEN coalesce(c.entered_top_50, 0)::INTEGER END AS entered_top_50,
    CASE WHEN m.list_status <> 'none' THEN coalesce(c.further_listings, 0)::INTEGER END AS further_listings,
    m.list_status,
    m.catches_up
FROM months AS m
JOIN (SELECT DISTINCT board, country FROM listings) AS e ON e.board = m.board
LEFT JOIN counted AS c ON c.board = m.board AND c.month = m.month AND c.country = e.country
ORDER BY m.board, m.month, e.country
