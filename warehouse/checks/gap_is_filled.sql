-- severity: block
-- about: main.monthly_gap
-- why: a release without any observed month would be an empty answer
SELECT 'no month of the spine board is observed' AS message
WHERE NOT EXISTS (
    SELECT 1 FROM main.monthly_gap
    WHERE status IN ('observed', 'leaders_only')
        AND board = (SELECT spine_board FROM internal.settings)
        AND category = 'overall'
)
