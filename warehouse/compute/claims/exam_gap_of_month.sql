-- One row: the gap on $board at the end of $month among scores that one party measured, from cited scores.
SELECT *
FROM main.exam_gaps
WHERE board = $board AND month = $month AND basis = 'one_party' AND vintage_rule = 'cited'
