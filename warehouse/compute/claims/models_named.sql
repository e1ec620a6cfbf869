-- One row: a model that the name $name in prose can mean: only letters and digits are compared.
WITH names AS (
    SELECT model_id, name FROM core.models
    UNION
    SELECT model_id, model_name FROM core.model_names WHERE model_id IS NOT NULL
)
SELECT DISTINCT model_id
FROM names
WHERE regexp_replace(lower(name), '[^a-z0-9]', '', 'g') = regexp_replace(lower($name), '[^a-z0-9]', '', 'g')
