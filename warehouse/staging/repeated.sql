-- One row: a fingerprint that more than one row of read_score has.
SELECT fingerprint FROM read_score GROUP BY fingerprint HAVING count(*) > 1
