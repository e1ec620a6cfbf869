-- Public claims about the gap, with what the comparison allows, measured by the rule they state. Where the words allow several readings and none is stated,
-- `measured_low` to `measured_high` is what they give; else `measured_low` is the one value.
WITH ranges AS (
  SELECT claim_id, min(measured_value) AS low, max(measured_value) AS high
  FROM claim_readings
  GROUP BY claim_id
  HAVING NOT bool_or(is_stated)
)
SELECT
  claim_id, claimant, claimed_on, statement,
  CASE claim_checks.comparison WHEN 'at_most' THEN 'at most ' WHEN 'at_least' THEN 'at least ' WHEN 'about' THEN 'about ' ELSE '' END
    || replace(claim_checks.claimed_value, '..', ' to ')
    || CASE WHEN try_cast(claim_checks.tolerance AS DOUBLE) > 0 THEN ', ± ' || claim_checks.tolerance ELSE '' END AS claimed_value,
  measured_value, coalesce(low, measured_value) AS measured_low, nullif(high, low) AS measured_high, claim_checks.unit, verdict,
  rule, explanation, claim_checks.us_model, claim_checks.cn_model, "rows", source
FROM claims JOIN claim_checks USING (claim_id) LEFT JOIN ranges USING (claim_id)
ORDER BY verdict NOT IN ('reproduced', 'by_some_readings', 'differs'), claimed_on, claim_id
