-- The bytes a snapshot was read from, and whose figures they are. One row.
SELECT i.*, m.producer, m.mirror, m.licence
FROM core.snapshots AS s
JOIN meta.inputs AS i USING (input_id)
JOIN meta.sources AS m ON m.source_id = s.source_id
WHERE s.snapshot_id = $snapshot_id
