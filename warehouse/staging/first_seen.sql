-- One row: a model (numbered_model) on a board, with the first day it was seen there.
-- The earliest day of a listing of the board, in any variant or category and by any source: its printed day, else
-- the day its bytes were known.
WITH seen AS (
    SELECT
        l.board,
        coalesce(c.model_id, lower(c.model_name)) AS model,
        min(coalesce(l.stamped_on, l.known_at::DATE)) AS seen_on
    FROM listed_name AS c
    JOIN listing AS l USING (key)
    GROUP BY ALL
)
SELECT s.board, m.model_number, s.seen_on
FROM seen AS s
JOIN numbered_model AS m USING (model)
