-- How many claims can be measured, and how many of those are reproduced.
SELECT
  count(*) AS claims, count(*) FILTER (verdict IN ('reproduced', 'differs')) AS measured,
  count(*) FILTER (verdict = 'reproduced') AS reproduced, count(*) FILTER (verdict = 'differs') AS differ
FROM claim_checks
