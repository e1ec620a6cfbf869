-- When each board is expected to bring new figures, by its own rhythm; those of which nothing is expected are left out.
SELECT
  boards.name || CASE variant WHEN 'default' THEN '' ELSE ', ' || replace(variant, '_', ' ') END AS series,
  last_published_on, rhythm_days, expected_on, overdue_after, array_to_string(source_ids, ', ') AS source_ids
FROM meta.board_status JOIN core.boards AS boards USING (board)
WHERE state = 'expected'
ORDER BY overdue_after, series
