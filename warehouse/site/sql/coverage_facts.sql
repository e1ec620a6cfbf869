-- How many board-months are observed, self-reported boards apart, how many are holes (a
-- month without a change upstream is none), and how many boards stand still.
SELECT
  count(*) FILTER (is_observed AND NOT is_self_reported) AS observed,
  count(DISTINCT board) FILTER (is_observed AND NOT is_self_reported) AS boards,
  count(*) FILTER (has_interval AND NOT is_self_reported) AS with_interval,
  count(*) FILTER (NOT is_observed AND reason NOT IN ('board_ended', 'repeated', 'unchanged') AND NOT is_self_reported) AS holes,
  count(*) FILTER (is_observed AND is_self_reported) AS self_reported,
  count(DISTINCT board) FILTER (board_stands_still AND NOT is_self_reported) AS standing_still
FROM meta.coverage
