-- One row: a record-setting model of one country in one vintage.
-- Within one vintage, by the day each model became available (its printed release day, else its first listing
-- on the board): the models of a country that scored strictly higher than all of that country before them. Of
-- one day only the best counts. Vintages are every whole publication of the category overall; of the other
-- categories those that stand for a month.
WITH vintages AS MATERIALIZED (
    SELECT p.*, s.published_on AS vintage, row_number() OVER (ORDER BY p.snapshot_id, p.category) AS place
    FROM (
        SELECT snapshot_id, board, variant, category FROM core.publications WHERE category = 'overall'
        UNION
        SELECT snapshot_id, board, variant, category FROM core.month_snapshots
        WHERE month_rule = (SELECT month_rule FROM internal.settings)
    ) AS p
    JOIN core.snapshots AS s ON s.snapshot_id = p.snapshot_id AND s.coverage = 'whole'
),
entries AS MATERIALIZED (
    SELECT
        v.place,
        c.country,
        coalesce(c.released_on, f.first_listed_on) AS available_on,
        CASE WHEN c.released_on IS NULL THEN 'first_listed' ELSE 'released' END AS available_basis,
        c.model_name,
        c.model_id,
        c.score,
        c.standard_error
    FROM vintages AS v
    JOIN internal.country_scores AS c ON c.snapshot_id = v.snapshot_id AND c.category = v.category
    JOIN core.first_listed AS f ON f.board = v.board AND f.model_id = c.model_id
),
records AS (
    -- Found by their scores alone, among half as many rows as there are models.
    SELECT
        *,
        max(score) OVER (
            PARTITION BY place, country
            ORDER BY available_on
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS previous_record
    FROM (
        SELECT place, country, available_on, max(score) AS score
        FROM entries
        GROUP BY ALL
    )
    QUALIFY previous_record IS NULL OR score > previous_record
),
leaders AS (
    SELECT e.*, r.previous_record
    FROM records AS r
    JOIN entries AS e USING (place, country, available_on, score)
    QUALIFY row_number() OVER (PARTITION BY e.place, e.country, e.available_on ORDER BY e.model_name) = 1
)
SELECT v.board, v.variant, v.category, v.vintage, v.snapshot_id, l.* EXCLUDE (place)
FROM leaders AS l
JOIN vintages AS v USING (place)
ORDER BY v.board, v.variant, v.category, v.vintage, l.country, l.available_on
