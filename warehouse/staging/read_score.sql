-- One row: a model in one category of one listing, as read, with the model its name means on that day.
-- fingerprint is a hash of the key: keys that may be listed twice are found by it (repeated.sql).
SELECT
    l.key,
    o.category,
    o.model_name,
    n.model_id,
    o.organization_name,
    o.license_name,
    o.score,
    o.score_low,
    o.score_high,
    o.standard_error,
    o.votes,
    o.rank,
    o.released_on,
    o.extra,
    hash(l.key, o.category, o.model_name) AS fingerprint
FROM parsed_observation AS o
JOIN listing AS l
    ON l.input_id = o.input_id AND l.board = o.board AND l.variant = o.variant
    AND l.printed_on IS NOT DISTINCT FROM o.published_on
JOIN core.model_names AS n
    ON n.source_id = l.source_id
    AND n.model_name = o.model_name
    AND n.organization_name = coalesce(o.organization_name, '')
    AND coalesce(l.printed_on, l.known_at::DATE) BETWEEN n.valid_from AND n.valid_to
