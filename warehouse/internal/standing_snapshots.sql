-- One row: a row of ranked_snapshots that is not withheld (meta.withheld).
SELECT *
FROM internal.ranked_snapshots AS r
WHERE NOT EXISTS (SELECT 1 FROM meta.withheld AS w WHERE w.snapshot_id = r.snapshot_id AND w.category = r.category)
