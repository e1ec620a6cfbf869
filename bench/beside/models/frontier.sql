WITH vintages AS (
    SELECT board, variant, category, snapshot_id FROM {{ ref('publications') }} WHERE category = 'overall'
    UNION
    SELECT board, variant, category, snapshot_id FROM {{ ref('month_snapshots') }}
),
first_listed AS (
    SELECT board, model_id, min(day) AS first_on FROM {{ ref('scores') }} GROUP BY ALL
),
best AS (
    SELECT
        v.snapshot_id,
        v.category,
        c.country,
        coalesce(s.released_on, f.first_on) AS available_on,
        max(s.score) AS score,
        min_by(s.model_name, (-s.score, s.model_name)) AS model_name
    FROM vintages AS v
    JOIN {{ ref('scores') }} AS s ON s.snapshot_id = v.snapshot_id AND s.category = v.category
    JOIN {{ ref('countries') }} AS c ON c.model_id = s.model_id AND s.day BETWEEN c.valid_from AND c.valid_to
    JOIN first_listed AS f ON f.board = s.board AND f.model_id = s.model_id
    GROUP BY ALL
)
SELECT
    *,
    max(score) OVER (
        PARTITION BY snapshot_id, category, country ORDER BY available_on ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS previous_record
FROM best
QUALIFY previous_record IS NULL OR score > previous_record
