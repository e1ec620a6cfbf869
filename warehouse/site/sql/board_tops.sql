-- The ten highest models of the newest publication of every board, variant and category, of all countries. Equal scores
-- share a place. A scaffold around somebody's model is no model and is left out.
WITH newest AS (
  SELECT * FROM core.publications WHERE is_last_of_day
  QUALIFY published_on = max(published_on) OVER (PARTITION BY board, variant, category)
), makers AS (
  SELECT organization_id, arg_max(name, valid_from) AS maker FROM core.organizations GROUP BY organization_id
)
SELECT
  newest.board, newest.category, newest.variant, rank() OVER by_score AS place, scores.model_name, scores.model_id,
  coalesce(maker, organization_name) AS maker, countries.country, coalesce(weights.weights, 'unknown') AS weights,
  scores.score, scores.score_low, scores.score_high, scores.votes, newest.published_on, snapshots.coverage,
  snapshots.date_basis, snapshots.source_id, newest.snapshot_id
FROM newest
JOIN core.snapshots AS snapshots USING (snapshot_id)
JOIN core.scores AS scores USING (snapshot_id, category)
LEFT JOIN core.models AS models USING (model_id)
LEFT JOIN makers USING (organization_id)
LEFT JOIN core.model_countries AS countries
  ON countries.model_id = scores.model_id AND countries.country_rule = 'hq'
  AND newest.published_on BETWEEN countries.valid_from AND countries.valid_to
LEFT JOIN core.model_weights AS weights
  ON weights.model_id = scores.model_id AND newest.published_on BETWEEN weights.valid_from AND weights.valid_to
WHERE scores.score IS NOT NULL AND scores.basis <> 'scaffold' AND NOT scores.is_ambiguous
WINDOW by_score AS (PARTITION BY newest.board, newest.variant, newest.category ORDER BY scores.score DESC)
QUALIFY row_number() OVER (
  PARTITION BY newest.board, newest.variant, newest.category ORDER BY scores.score DESC, scores.model_name
) <= 10
ORDER BY newest.board, newest.category <> 'overall', newest.category, newest.variant, scores.score DESC, scores.model_name
