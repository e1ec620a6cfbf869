-- What names a source, and which names stand for figures under a share-alike licence.
CREATE TEMP TABLE named_source AS
WITH board_source AS (SELECT DISTINCT board, source_id FROM core.snapshots)
SELECT 'source_id' AS kind, source_id AS name, source_id FROM meta.sources
UNION ALL
SELECT 'input_id', input_id, source_id FROM meta.inputs
UNION ALL
SELECT 'snapshot_id', snapshot_id, source_id FROM core.snapshots
UNION ALL
SELECT 'board', board, source_id FROM board_source
UNION ALL
SELECT 'claim_id', claim_id, source_id FROM main.claims JOIN board_source USING (board);

-- A snapshot of another source of such a board is one of the board all the same: months, records and reigns of the
-- board are made of both.
CREATE TEMP TABLE share_alike_name AS
SELECT DISTINCT kind, name, licence
FROM named_source
JOIN meta.sources USING (source_id)
WHERE share_alike
UNION
SELECT 'snapshot_id', snapshot_id, licence
FROM core.snapshots AS s
JOIN named_source AS b ON b.kind = 'board' AND b.name = s.board
JOIN meta.sources AS m ON m.source_id = b.source_id
WHERE share_alike;
