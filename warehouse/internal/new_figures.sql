-- Publications of category overall; new_on is the first day on which the same figures stood on the board and variant.
WITH figures AS (
    SELECT snapshot_id, hash(list(score ORDER BY score)) AS figures
    FROM core.scores
    WHERE category = 'overall'
        AND snapshot_id IN (SELECT snapshot_id FROM core.publications WHERE category = 'overall')
    GROUP BY snapshot_id
)
SELECT
    p.board,
    p.variant,
    p.published_on,
    min(p.published_on) OVER (PARTITION BY p.board, p.variant, f.figures) AS new_on
FROM core.publications AS p
JOIN figures AS f USING (snapshot_id)
WHERE p.category = 'overall'
