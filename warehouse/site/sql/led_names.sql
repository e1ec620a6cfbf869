-- Under which names boards print the models that ever led, and other models of those names.
WITH names AS (
  SELECT DISTINCT model_name, model_id FROM core.scores WHERE model_id IS NOT NULL
), led AS (
  SELECT DISTINCT model_name FROM names WHERE model_id IN (SELECT holder FROM reigns WHERE level = 'model')
)
SELECT model_name, model_id
FROM names SEMI JOIN led USING (model_name)
ORDER BY model_name, model_id
