-- One row: a model, or a name of none in lower case, with a number that is quicker to compare.
SELECT model, row_number() OVER () AS model_number
FROM (SELECT DISTINCT coalesce(model_id, lower(model_name)) AS model FROM listed_name)
