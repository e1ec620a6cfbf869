-- Every board: what it measures, what is held of it, and why it has no gap if it has none. A figure is old when it is of
-- none of the newest three months.
WITH gaps AS (
  SELECT
    board, count(DISTINCT month) FILTER (category = 'overall') AS months_with_gap,
    min(month) FILTER (category = 'overall') AS first_month, max(month) FILTER (category = 'overall') AS last_month,
    count(DISTINCT category) FILTER (category <> 'overall') AS categories
  FROM monthly_gap WHERE gap_points IS NOT NULL
  GROUP BY board
), held AS (
  SELECT board, count(*) AS snapshots, max(published_on) AS newest_day FROM core.snapshots GROUP BY board
), covered AS (
  SELECT board, bool_and(is_self_reported) AS is_self_reported FROM meta.coverage GROUP BY board
), statuses AS (
  SELECT
    board, bool_or(status = 'withheld') AS is_withheld, bool_or(status = 'ambiguous') AS is_ambiguous,
    bool_or(status = 'truncated') AS is_truncated, bool_or(status IN ('no_us_model', 'no_cn_model')) AS is_one_sided,
    bool_or(status = 'no_us_model') AS has_cn_only
  FROM monthly_gap WHERE category = 'overall'
  GROUP BY board
)
SELECT
  board, name, kind, unit, ceiling, chance, private, note, boards.evidence,
  coalesce(months_with_gap, 0) AS months_with_gap, first_month, last_month, coalesce(categories, 0) AS categories,
  coalesce(snapshots, 0) AS snapshots, newest_day, ended_on, board_ends.evidence AS end_evidence,
  coalesce(is_self_reported, FALSE) AS is_self_reported,
  last_month <= (SELECT max(month) FROM monthly_gap WHERE gap_points IS NOT NULL) - INTERVAL 3 MONTHS AS is_old,
  coalesce(note, '') LIKE '%too few to rank%' AS has_too_few_questions,
  CASE
    WHEN months_with_gap > 0 THEN NULL
    WHEN categories > 0 THEN 'category_only'
    WHEN is_withheld THEN 'withheld'
    WHEN is_ambiguous THEN 'ambiguous'
    WHEN is_truncated THEN 'truncated'
    WHEN is_one_sided THEN CASE WHEN has_cn_only THEN 'no_us_model' ELSE 'no_cn_model' END
    ELSE 'nothing_held'
  END AS empty_reason
FROM core.boards
LEFT JOIN gaps USING (board) LEFT JOIN held USING (board) LEFT JOIN covered USING (board)
LEFT JOIN statuses USING (board) LEFT JOIN core.board_ends AS board_ends USING (board)
ORDER BY coalesce(months_with_gap, 0) = 0, kind DESC, board
