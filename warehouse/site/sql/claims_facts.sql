-- How many claims got which verdict.
SELECT
  count(*) AS claims, count(*) FILTER (verdict IN ('reproduced', 'differs')) AS measured,
  count(*) FILTER (verdict = 'reproduced') AS reproduced, count(*) FILTER (verdict = 'differs') AS differ,
  count(*) FILTER (verdict = 'vintage_not_held') AS vintage_not_held,
  count(*) FILTER (verdict = 'not_measurable') AS not_measurable,
  count(*) FILTER (verdict = 'no_value_claimed') AS no_value
FROM claim_checks
