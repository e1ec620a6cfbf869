-- One row: the answer to "was a model of the country first on the board by the day?".
-- yes: published_on is the first publication that settles it. In it the country's best model stands strictly above
-- every model that is not the country's, its day is printed (or matched), and its source is the board's own (of distance
-- 0 or 1), or two mirrors show the lead on that day. no: in none of the publications held by the day. That says nothing
-- of the days between them: longest_hole is the longest run of days without one, to by_day. open: neither, since
-- nothing is held, since no model of the country is known, since a lead is shown but not settled, or since a joint or an
-- unresolved model stands as high as any other, also in a listing that is withheld for it and that no other stands in
-- for. The category is overall. The variant is that of the question: the arena's own site has shown style_control since
-- 2025-05-16.
CREATE OR REPLACE MACRO main.first_lead(board, variant, country, by_day) AS TABLE
WITH publications AS (
    SELECT
        l.*,
        s.date_basis,
        s.source_id,
        s.distance,
        l.holder = country AND l.stands_alone AS is_lead,
        l.holder = country AND (l.stands_alone OR l.margin IS NULL) AS may_be_lead,
        -- Without the default of lead(): DuckDB 1.4 cannot read it in a macro.
        coalesce(lead(l.published_on) OVER (ORDER BY l.published_on), CAST(by_day AS DATE) + 1) AS next_on
    FROM core.publication_leaders AS l
    JOIN core.snapshots AS s ON s.snapshot_id = l.snapshot_id
    WHERE l.board = board AND l.variant = variant AND l.scope = 'world' AND l.level = 'country'
        AND l.published_on <= CAST(by_day AS DATE)
),
withheld AS (
    SELECT w.snapshot_id, bool_and(w.reason IN ('unknown_name', 'maker_without_country')) AS is_for_a_name
    FROM meta.withheld AS w
    WHERE w.category = 'overall'
    GROUP BY ALL
),
listings AS (
    SELECT
        s.snapshot_id,
        s.published_on,
        s.source_id,
        s.distance,
        s.date_basis,
        w.is_for_a_name,
        max(l.score) FILTER (l.country = country) > coalesce(max(l.score) FILTER (l.country <> country), '-infinity'::DOUBLE) AS shows_lead,
        max(l.score) FILTER (l.country IN ('joint', 'unresolved')) = max(l.score) AS is_nobodys
    FROM core.snapshots AS s
    JOIN internal.listed_overall AS l ON l.snapshot_id = s.snapshot_id
    LEFT JOIN withheld AS w ON w.snapshot_id = s.snapshot_id
    WHERE s.board = board AND s.variant = variant AND s.published_on <= CAST(by_day AS DATE)
    GROUP BY ALL
),
settled AS (
    SELECT p.*
    FROM publications AS p
    WHERE p.is_lead AND p.date_basis IN ('printed', 'matched')
        AND (
            p.distance <= 1
            OR (
                SELECT count(DISTINCT l.source_id)
                FROM listings AS l
                WHERE l.published_on = p.published_on AND l.shows_lead AND l.is_for_a_name IS NULL
                    AND l.date_basis IN ('printed', 'matched')
            ) >= 2
        )
    ORDER BY p.published_on
    LIMIT 1
),
blocked AS (
    SELECT count(DISTINCT l.published_on) AS publications
    FROM listings AS l
    LEFT JOIN publications AS p ON p.published_on = l.published_on
    WHERE l.is_nobodys AND (l.snapshot_id = p.snapshot_id OR (l.is_for_a_name AND p.snapshot_id IS NULL))
),
counted AS (
    SELECT
        count(*) AS publications,
        min(p.published_on) AS first_publication,
        max(p.published_on) AS last_publication,
        max(p.next_on - p.published_on - 1) AS longest_hole,
        count_if(p.may_be_lead)::BIGINT AS leads,
        min(p.published_on) FILTER (p.may_be_lead) AS first_shown_on
    FROM publications AS p
),
known AS (
    SELECT coalesce(bool_or(k.country = country), FALSE) AS is_country FROM core.model_countries AS k
)
SELECT
    CASE
        WHEN y.snapshot_id IS NOT NULL THEN 'yes'
        WHEN NOT k.is_country OR c.publications = 0 OR c.leads > 0 OR b.publications > 0 THEN 'open'
        ELSE 'no'
    END AS answer,
    CASE
        WHEN y.snapshot_id IS NOT NULL
            THEN format('{} stood {}first in the publication of {}', y.model_name, coalesce(round(y.margin, 1) || ' points ahead, ', ''), y.published_on)
        WHEN NOT k.is_country THEN format('no model of {} is known', country)
        WHEN c.publications = 0 AND b.publications = 0 THEN 'no publication is held by the day'
        WHEN c.leads > 0 THEN format('first in {} of {} publications held, none of which settles it', c.leads, c.publications)
        WHEN b.publications > 0 THEN format('a joint or unresolved model stands first in {} publications', b.publications)
        ELSE format('in none of {} publications held, longest hole {} days', c.publications, c.longest_hole)
    END AS statement,
    c.first_shown_on,
    y.published_on,
    y.date_basis,
    y.source_id,
    y.model_name,
    y.model_id,
    y.score,
    y.margin,
    y.snapshot_id,
    c.publications,
    c.first_publication,
    c.last_publication,
    c.longest_hole,
    c.leads,
    b.publications AS blocked_publications
FROM counted AS c
CROSS JOIN blocked AS b
CROSS JOIN known AS k
LEFT JOIN settled AS y ON TRUE
