-- Models that both releases know, with another country by the rule hq. One row: a model.
WITH
  model_countries AS (
    SELECT 'before' AS release, model_id, country FROM old.core.model_countries WHERE country_rule = 'hq'
    UNION ALL
    SELECT 'after' AS release, model_id, country FROM new.core.model_countries WHERE country_rule = 'hq'
  ),

  compared_models AS (
    SELECT
      model_id,
      string_agg(DISTINCT country, ', ' ORDER BY country) FILTER (release = 'before') AS before,
      string_agg(DISTINCT country, ', ' ORDER BY country) FILTER (release = 'after') AS after
    FROM model_countries
    SEMI JOIN old.core.models USING (model_id)
    SEMI JOIN new.core.models USING (model_id)
    GROUP BY model_id
  )

SELECT * FROM compared_models WHERE before IS DISTINCT FROM after ORDER BY ALL
