-- One row: a model in one category of one listing, as read, with the model its name means on that day.
-- A view: each reader takes the few columns it needs from the files again, which costs less than a copy of all of them.
-- Every row has its listing. It is joined as if not, and before the names: DuckDB would join those two first, and
-- compare six columns of every row.
SELECT
    n.key,
    o.input_id,
    n.name,
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
    n.is_repeated
FROM parsed_observation AS o
LEFT JOIN listing AS l
    ON l.input_id = o.input_id AND l.board = o.board AND l.variant = o.variant
    AND l.printed_on IS NOT DISTINCT FROM o.published_on
JOIN read_name AS n
    ON n.key = coalesce(l.key, 0) AND n.model_name = o.model_name
    AND n.organization_name = coalesce(o.organization_name, '')
