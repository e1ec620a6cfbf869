-- What is left out because it is doubtful, by reason, board and what it is about.
SELECT
  reason,
  CASE WHEN w.board = '' THEN source_id ELSE coalesce(b.name, w.board) END AS place,
  variant,
  count(DISTINCT category)::INTEGER AS categories,
  count(DISTINCT published_on)::INTEGER AS days,
  min(published_on) AS first,
  max(published_on) AS last,
  arg_max(message, (published_on, category = 'overall', coalesce(score, 0), message)) AS message
FROM meta.withheld AS w LEFT JOIN core.boards AS b USING (board)
GROUP BY reason, place, variant, CASE WHEN csv_line IS NULL THEN snapshot_id ELSE csv_line END
ORDER BY last DESC, place, variant, reason, message
