SELECT
    concat_ws('/', o.source_id, o.board, o.variant, o.day) AS snapshot_id,
    o.source_id,
    o.board,
    o.variant,
    o.day,
    o.category,
    o.model_name,
    any_value(n.model_id) AS model_id,
    max(o.score) AS score,
    coalesce(any_value(o.standard_error), (any_value(o.score_high) - any_value(o.score_low)) / 3.92) AS standard_error,
    any_value(o.votes) AS votes,
    any_value(o.rank) AS rank,
    any_value(o.released_on) AS released_on
FROM {{ ref('observations') }} AS o
JOIN {{ ref('names') }} AS n
    ON n.source_id = o.source_id AND n.model_name = o.model_name
    AND n.organization_name = coalesce(o.organization_name, '')
    AND o.day BETWEEN n.valid_from AND n.valid_to
WHERE o.score IS NOT NULL
GROUP BY ALL
