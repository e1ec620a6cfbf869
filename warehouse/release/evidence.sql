-- How much is held: observed months of boards and variants, self-reported boards apart, and the boards that stand still.
SELECT
    count(*) FILTER (is_observed AND NOT is_self_reported) AS board_months,
    count(DISTINCT board) FILTER (is_observed AND NOT is_self_reported) AS boards,
    count(*) FILTER (has_interval AND NOT is_self_reported) AS with_interval,
    count(*) FILTER (is_observed AND is_self_reported) AS self_reported_board_months,
    count(DISTINCT board) FILTER (is_observed AND is_self_reported) AS self_reported_boards,
    coalesce(list(DISTINCT board ORDER BY board) FILTER (board_stands_still AND NOT is_self_reported), []) AS standing_still
FROM meta.coverage
