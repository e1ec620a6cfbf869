SELECT board, variant, category, date_trunc('month', day)::DATE AS month, day, snapshot_id
FROM {{ ref('publications') }}
QUALIFY row_number() OVER (PARTITION BY board, variant, category, month ORDER BY day DESC) = 1
