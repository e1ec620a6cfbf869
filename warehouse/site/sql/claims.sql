-- Public claims about the gap, measured by the rule they state.
SELECT
  claim_id, claimant, claimed_on, statement, replace(claim_checks.claimed_value, '..', '–') AS claimed_value,
  measured_value, claim_checks.unit, verdict,
  rule, explanation, claim_checks.us_model, claim_checks.cn_model, "rows", source
FROM claims JOIN claim_checks USING (claim_id)
ORDER BY verdict NOT IN ('reproduced', 'by_some_readings', 'differs'), claimed_on, claim_id
