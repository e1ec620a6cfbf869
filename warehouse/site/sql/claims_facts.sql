-- How many claims can be measured, and how many of those are reproduced.
SELECT
  count(*) AS claims, count(*) FILTER (verdict IN ('reproduced', 'by_some_readings', 'differs')) AS measured,
  count(*) FILTER (verdict = 'reproduced') AS reproduced,
  count(*) FILTER (verdict = 'by_some_readings') AS by_some, count(*) FILTER (verdict = 'differs') AS differ
FROM claim_checks
