-- Months of monthly_gap whose status, leaders, scores, gap, interval or snapshot changed, with both rows whole and
-- what their reasons are found from. Reads changed_names, which is names.sql. One row: a month of a series.
WITH
  months AS (
    SELECT
      board,
      variant,
      category,
      month,
      CASE WHEN o.month IS NOT NULL THEN o END AS before,
      CASE WHEN n.month IS NOT NULL THEN n END AS after,
      o.snapshot_id AS old_snapshot_id,
      n.snapshot_id AS new_snapshot_id
    FROM old.main.monthly_gap AS o
    FULL JOIN new.main.monthly_gap AS n USING (board, variant, category, month)
    WHERE
      o.month IS NULL
      OR n.month IS NULL
      OR (o.status, o.us_model, o.us_score, o.cn_model, o.cn_score, o.gap_points, o.gap_low, o.gap_high, o.snapshot_id)
      IS DISTINCT FROM
      (n.status, n.us_model, n.us_score, n.cn_model, n.cn_score, n.gap_points, n.gap_low, n.gap_high, n.snapshot_id)
  ),

  -- Models that both releases know and describe differently: their maker, when they were public, their countries.
  model_facts AS (
    SELECT
      'before' AS release,
      model_id,
      (
        m.organization_id, base_model, effort, joint_organizations, is_joint, fine_tune_of, base_model_country,
        public_from, public_to, was_public, resolution, country_rule, country, c.valid_from, c.valid_to
      ) AS facts
    FROM old.core.models AS m LEFT JOIN old.core.model_countries AS c USING (model_id)
    UNION ALL
    SELECT
      'after' AS release,
      model_id,
      (
        m.organization_id, base_model, effort, joint_organizations, is_joint, fine_tune_of, base_model_country,
        public_from, public_to, was_public, resolution, country_rule, country, c.valid_from, c.valid_to
      ) AS facts
    FROM new.core.models AS m LEFT JOIN new.core.model_countries AS c USING (model_id)
  ),

  changed_models AS (
    SELECT DISTINCT model_id
    FROM (
      SELECT model_id, count(DISTINCT release) AS releases
      FROM model_facts
      SEMI JOIN old.core.models USING (model_id)
      SEMI JOIN new.core.models USING (model_id)
      GROUP BY model_id, facts
    )
    WHERE releases = 1
  ),

  -- In a snapshot of both releases: the names that stand for another model, or for one described differently.
  remapped_scores AS (
    SELECT
      n.snapshot_id,
      n.category,
      list(DISTINCT n.model_name ORDER BY n.model_name) AS remapped_names
    FROM new.core.scores AS n
    JOIN old.core.scores AS o USING (snapshot_id, category, model_name)
    SEMI JOIN months ON months.new_snapshot_id = n.snapshot_id
    WHERE n.model_id IS DISTINCT FROM o.model_id OR n.model_id IN (FROM changed_models)
    GROUP BY ALL
  ),

  leaders AS (
    SELECT
      board,
      variant,
      category,
      month,
      unnest([
        {'source_id': before.source_id, 'model_id': before.us_model_id, 'model_name': before.us_model},
        {'source_id': before.source_id, 'model_id': before.cn_model_id, 'model_name': before.cn_model},
        {'source_id': after.source_id, 'model_id': after.us_model_id, 'model_name': after.us_model},
        {'source_id': after.source_id, 'model_id': after.cn_model_id, 'model_name': after.cn_model}
      ], recursive := true)
    FROM months
  ),

  remapped_leaders AS (
    SELECT board, variant, category, month, list(DISTINCT model_name ORDER BY model_name) AS remapped_leaders
    FROM leaders
    WHERE
      (source_id, model_name) IN (SELECT (source_id, model_name) FROM changed_names)
      OR model_id IN (FROM changed_models)
    GROUP BY ALL
  )

SELECT
  months.*,
  before.anchor AS old_anchor,
  after.anchor AS new_anchor,
  before IS NOT NULL
  AND after IS NOT NULL
  AND (before.month_rule, before.listing, before.country_rule)
  IS DISTINCT FROM (after.month_rule, after.listing, after.country_rule)
    AS has_other_rules,
  remapped_names,
  remapped_leaders,
  s.published_on,
  s.source_id,
  s.snapshot_id IN (SELECT snapshot_id FROM old.core.snapshots) AS snapshot_was_held,
  s.input_id IN (SELECT input_id FROM old.meta.inputs) AS bytes_were_held,
  old_snapshot_id IN (SELECT snapshot_id FROM new.core.snapshots) AS old_snapshot_is_held,
  (months.board, after.us_model_id) NOT IN (SELECT (board, model_id) FROM old.core.first_listed) AS us_is_new,
  (months.board, after.cn_model_id) NOT IN (SELECT (board, model_id) FROM old.core.first_listed) AS cn_is_new
FROM months
LEFT JOIN remapped_leaders USING (board, variant, category, month)
LEFT JOIN remapped_scores
  ON remapped_scores.snapshot_id = months.new_snapshot_id AND remapped_scores.category = months.category
LEFT JOIN new.core.snapshots AS s ON s.snapshot_id = months.new_snapshot_id
ORDER BY months.board, months.variant, months.category, months.month
