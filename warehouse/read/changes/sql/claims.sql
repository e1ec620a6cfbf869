-- Claims with another verdict. One row: a claim.
SELECT
  claim_id,
  o.verdict AS before,
  n.verdict AS after,
  o.measured_value AS measured_before,
  n.measured_value AS measured_after
FROM old.main.claim_checks AS o
FULL JOIN new.main.claim_checks AS n USING (claim_id)
WHERE o.verdict IS DISTINCT FROM n.verdict
ORDER BY claim_id
