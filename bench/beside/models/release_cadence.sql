WITH first_listed AS (
    SELECT board, model_id, min(day) AS first_on FROM {{ ref('scores') }} WHERE starts_with(board, 'arena_') GROUP BY ALL
),
places AS (
    SELECT board, date_trunc('month', day)::DATE AS month, model_id, min(place) AS place
    FROM (
        SELECT board, day, model_id, rank() OVER (PARTITION BY snapshot_id ORDER BY score DESC) AS place
        FROM {{ ref('scores') }}
        WHERE category = 'overall' AND starts_with(board, 'arena_')
    )
    GROUP BY ALL
)
SELECT
    f.board,
    date_trunc('month', f.first_on)::DATE AS month,
    c.country,
    count(*) AS first_listed,
    count(*) FILTER (p.place <= 10) AS entered_top_10,
    count(*) FILTER (p.place <= 50) AS entered_top_50
FROM first_listed AS f
JOIN {{ ref('countries') }} AS c ON c.model_id = f.model_id AND f.first_on BETWEEN c.valid_from AND c.valid_to
LEFT JOIN places AS p ON p.board = f.board AND p.model_id = f.model_id AND p.month = date_trunc('month', f.first_on)
GROUP BY ALL
