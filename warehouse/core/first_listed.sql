-- One row: a model on a board.
-- The earliest publication day on which any source lists the model on the board, in any variant or category.
SELECT
    s.board,
    c.model_id,
    min(s.published_on) AS first_listed_on,
    arg_min(s.snapshot_id, (s.published_on, s.snapshot_id)) AS snapshot_id
FROM core.scores AS c
JOIN core.snapshots AS s USING (snapshot_id)
WHERE c.model_id IS NOT NULL
GROUP BY ALL
ORDER BY s.board, c.model_id
