-- Every month of every board, overall: observed with or without an interval, without anything new, or a hole with its reason. The
-- boards of a kind with the most observed months come first, those of what makers report last.
SELECT
  board, variant, boards.name || CASE variant WHEN 'default' THEN '' ELSE ', ' || replace(variant, '_', ' ') END AS series,
  boards.kind, month,
  CASE WHEN has_interval THEN 'observed with interval' WHEN is_observed THEN 'observed, no interval' WHEN reason = 'board_ended' THEN 'ended'
    WHEN reason IN ('repeated', 'unchanged') THEN 'nothing new'
    ELSE 'hole' END AS state,
  reason, new_publications, array_to_string(sources, ', ') AS sources, days_before_month_end, is_self_reported, published_on,
  coverage.source_id
FROM meta.coverage AS coverage
JOIN core.boards AS boards USING (board)
ORDER BY
  is_self_reported, boards.kind DESC, count(*) FILTER (is_observed) OVER (PARTITION BY board) DESC, board, variant, month
