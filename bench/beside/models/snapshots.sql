SELECT snapshot_id, source_id, board, variant, day, category, count(*) AS models
FROM {{ ref('scores') }}
GROUP BY ALL
