-- Every month of every board, variant and category: its gap between the US and China, or why it has none.
-- Where a category has no publication in a month, category_only says that another category of the board has.
WITH months AS (
  SELECT *, bool_or(status <> 'no_snapshot') OVER (PARTITION BY board, variant, month) AS board_is_held
  FROM monthly_gap
)
SELECT
  m.board, m.variant, m.category, m.month, m.status,
  CASE
    WHEN m.gap_points IS NOT NULL THEN NULL
    WHEN m.status = 'no_snapshot' AND m.board_is_held THEN 'category_only'
    WHEN m.status = 'no_snapshot' THEN coalesce(c.reason, 'nothing_held')
    ELSE m.status
  END AS reason,
  m.published_on, m.source_id, m.month_is_open, m.gap_points, m.gap_pct_of_cn, m.us_win_probability, m.gap_low, m.gap_high,
  m.gap_low_wide, m.gap_high_wide, m.gap_at_least
FROM months AS m
LEFT JOIN meta.coverage AS c ON c.board = m.board AND c.variant = m.variant AND c.month = m.month
ORDER BY m.board, m.variant, m.category, m.month
