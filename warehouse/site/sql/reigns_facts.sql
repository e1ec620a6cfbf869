-- Makers that have been first in the text arena, of all models and of Chinese ones, with their days; those with the most
-- days first.
SELECT
  variant, scope, regexp_replace(holder_name, ' \(.*\)$', '') AS maker, days, days_at_least, days_at_most,
  first_day, last_day, count(*) OVER (PARTITION BY variant, scope) AS makers
FROM days_led
WHERE board = 'arena_text' AND level = 'organization' AND scope IN ('world', 'CN') AND days_at_least IS NOT NULL
ORDER BY variant, scope DESC, days_at_least DESC, holder
