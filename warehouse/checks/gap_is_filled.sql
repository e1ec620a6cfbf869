-- severity: block
-- about: main.monthly_gap
-- why: a release must have an observed month of the main board
SELECT 'the main board (parameter spine_board) has no observed month' AS message
WHERE NOT EXISTS (
    SELECT 1 FROM main.monthly_gap
    WHERE status IN ('observed', 'leaders_only')
        AND board = (SELECT spine_board FROM internal.settings)
        AND category = 'overall'
)
