-- One row: a US record of the months $first to $last in the newest vintage of the day $known, in order of days.
SELECT *
FROM main.record_matches
WHERE board = $board AND variant = $variant AND category = 'overall' AND match_rule = 'point'
    AND vintage <= $known AND us_released_on >= $first AND date_trunc('month', us_released_on) <= $last
QUALIFY dense_rank() OVER (ORDER BY vintage DESC, snapshot_id) = 1
ORDER BY us_released_on
