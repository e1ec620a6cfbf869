-- One row: a reading of the lags of the snapshot $snapshot_id, overall, in months.
SELECT *
FROM main.lag_summary
WHERE snapshot_id = $snapshot_id AND category = 'overall'
ORDER BY reading
