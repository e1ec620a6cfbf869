SELECT
    s.snapshot_id,
    s.category,
    c.country,
    max(s.score) AS score,
    min_by(s.model_name, (-s.score, s.model_name)) AS model_name,
    min_by(s.model_id, (-s.score, s.model_name)) AS model_id,
    count(DISTINCT s.model_id) AS models
FROM {{ ref('scores') }} AS s
JOIN {{ ref('countries') }} AS c ON c.model_id = s.model_id AND s.day BETWEEN c.valid_from AND c.valid_to
GROUP BY ALL
