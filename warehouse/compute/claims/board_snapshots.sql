-- One row: a snapshot of $board.
SELECT snapshot_id
FROM core.snapshots
WHERE board = $board
