-- The day of the last new figures of each source's board and variant, and the newest body of the requests that had it.
WITH requests AS (
    SELECT DISTINCT s.source_id, s.board, s.variant, i.request
    FROM core.snapshots AS s
    JOIN meta.inputs AS i USING (input_id)
),
newest AS (
    SELECT r.source_id, r.board, r.variant, max(i.known_at) AS newest
    FROM requests AS r
    JOIN meta.inputs AS i USING (source_id, request)
    GROUP BY ALL
)
SELECT n.source_id, n.board, n.variant, max(s.known_at) FILTER (s.same_as IS NULL) AS last_change, n.newest
FROM newest AS n
JOIN core.snapshots AS s USING (source_id, board, variant)
GROUP BY n.source_id, n.board, n.variant, n.newest
HAVING last_change IS NOT NULL
ORDER BY n.source_id, n.board, n.variant
