-- One row: a listing, with the number of its models, versions and efforts of one model counted once.
-- Two lists of one board may name models in different detail: a list of 297 versions of the capability index is no
-- longer than one of 152 models.
SELECT c.key, count(DISTINCT coalesce(m.base_model, c.model_id, lower(c.model_name))) AS base_models
FROM listed_name AS c
LEFT JOIN core.models AS m ON m.model_id = c.model_id
GROUP BY c.key
