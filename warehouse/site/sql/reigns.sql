-- Who was first in the text arena by maker, of all models and of Chinese ones, a reign a row. `seen_until` is the first
-- publication with another holder: of the days before it, after `last_seen`, nothing is held.
WITH makers AS (
  SELECT organization_id, arg_max(hq_country, valid_from) AS country FROM core.organizations GROUP BY organization_id
)
SELECT
  variant, scope, reign, regexp_replace(reigns.holder_name, ' \(.*\)$', '') AS maker, makers.country, model_name, first_seen, last_seen,
  lead(first_seen) OVER (PARTITION BY variant, scope ORDER BY reign) AS seen_until,
  reigns.days_at_least, reigns.days_at_most, publications, margin_at_start,
  days_led.days, days_led.days_at_least AS all_days_at_least, days_led.days_at_most AS all_days_at_most,
  start_censored, end_censored, last_seen AS published_on, split_part(last_snapshot_id, '/', 1) AS source_id
FROM reigns
LEFT JOIN days_led USING (board, variant, scope, level, holder)
LEFT JOIN makers ON makers.organization_id = holder
WHERE board = 'arena_text' AND level = 'organization' AND scope IN ('world', 'CN')
ORDER BY scope DESC, variant, reign
