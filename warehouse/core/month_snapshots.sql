-- One row: a board, variant, category and month under one month rule.
-- The month's last publication (rule last) or its first (rule first). A printed day counts as later than a
-- merely bounded one (not_after) of the same date.
WITH places AS (
    SELECT
        *,
        date_trunc('month', published_on)::DATE AS month,
        row_number() OVER (series ORDER BY published_on DESC, is_last_of_day DESC) AS from_last,
        row_number() OVER (series ORDER BY published_on, is_last_of_day) AS from_first
    FROM core.publications
    WINDOW series AS (PARTITION BY board, variant, category, date_trunc('month', published_on))
)
SELECT
    p.board,
    p.variant,
    p.category,
    p.month,
    r.month_rule,
    p.published_on,
    p.snapshot_id,
    p.is_ambiguous,
    p.listed_models,
    p.lowest_score
FROM places AS p
JOIN (VALUES ('last'), ('first')) AS r(month_rule)
    ON CASE r.month_rule WHEN 'last' THEN p.from_last ELSE p.from_first END = 1
ORDER BY p.board, p.variant, p.category, p.month, r.month_rule
