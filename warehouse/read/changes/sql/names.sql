-- Names that both releases print and resolve differently. One row: a name as a source prints it.
WITH
  periods AS (
    SELECT 'before' AS release, source_id, model_name, organization_name, model_id, organization_id, valid_from
    FROM old.core.model_names
    UNION ALL
    SELECT 'after' AS release, source_id, model_name, organization_name, model_id, organization_id, valid_from
    FROM new.core.model_names
  ),

  resolutions AS (
    SELECT
      * EXCLUDE (model_id, organization_id),
      coalesce(model_id, organization_id, 'unresolved')
      || CASE WHEN valid_from > DATE '0001-01-01' THEN ' from ' || valid_from ELSE '' END AS resolution
    FROM periods
  ),

  compared_names AS (
    SELECT
      source_id,
      model_name,
      organization_name,
      string_agg(resolution, ', ' ORDER BY valid_from) FILTER (release = 'before') AS before,
      string_agg(resolution, ', ' ORDER BY valid_from) FILTER (release = 'after') AS after
    FROM resolutions
    GROUP BY ALL
  )

SELECT * FROM compared_names WHERE before <> after ORDER BY ALL
