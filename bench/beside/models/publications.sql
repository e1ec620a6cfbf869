SELECT board, variant, category, day, snapshot_id, models
FROM {{ ref('snapshots') }}
QUALIFY row_number() OVER (PARTITION BY board, variant, category, day ORDER BY models DESC, snapshot_id) = 1
