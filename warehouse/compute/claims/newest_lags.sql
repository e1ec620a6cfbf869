-- One row: a reading of the lag at the end of $month, in the newest vintage that has it. A bound is no reading.
SELECT *
FROM main.monthly_lag
WHERE board = $board AND variant = $variant AND category = 'overall' AND month = $month AND lag_months IS NOT NULL
    AND NOT is_censored
QUALIFY dense_rank() OVER (ORDER BY vintage DESC, snapshot_id) = 1
ORDER BY reading
