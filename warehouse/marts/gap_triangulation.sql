-- One row: a month of one board.
-- The overall gap of every board and month, each in its own unit, but not of those that makers report themselves (self_); on the arena style control where the month
-- has it, else raw. kind_sign and private_sign are the side on which the boards of that kind, or the private or
-- the public ones, are in the month; null where they are on both sides. kinds_agree: at least two kinds are
-- measured and no board of the month contradicts another; null with fewer kinds. A level board (sign 0)
-- contradicts none. Lags are month ends in the newest vintage that has the month, so restated, not as known
-- then.
WITH board_months AS (
    SELECT *
    FROM main.monthly_gap
    WHERE category = 'overall' AND NOT starts_with(board, 'self_')
    QUALIFY row_number() OVER (
        PARTITION BY board, month
        ORDER BY gap_points IS NULL, status = 'no_snapshot', variant = 'style_control' DESC, variant
    ) = 1
),
signs AS (
    SELECT b.kind, b.private, b.unit, sign(m.gap_points)::INTEGER AS sign, m.*
    FROM board_months AS m
    JOIN core.boards AS b ON b.board = m.board
),
newest_lags AS (
    SELECT
        board,
        month,
        max(lag_months) FILTER (reading = 'first_reached') AS lag_first_reached,
        max(lag_months) FILTER (reading = 'last_matched') AS lag_last_matched,
        bool_or(is_censored) AS lag_last_matched_is_censored,
        max(lag_months) FILTER (reading = 'passed') AS lag_passed,
        any_value(vintage) AS lag_vintage
    FROM (
        SELECT *
        FROM main.monthly_lag
        WHERE category = 'overall'
        QUALIFY dense_rank() OVER (
            PARTITION BY board, month ORDER BY vintage DESC, variant = 'style_control' DESC, snapshot_id
        ) = 1
    )
    GROUP BY board, month
)
SELECT
    s.board,
    s.kind,
    s.private,
    s.variant,
    s.month,
    s.gap_points,
    s.unit,
    s.sign,
    s.logit_gap,
    s.near_ceiling,
    s.us_model,
    s.cn_model,
    s.us_basis,
    s.cn_basis,
    s.status,
    l.lag_first_reached,
    l.lag_last_matched,
    l.lag_last_matched_is_censored,
    l.lag_passed,
    l.lag_vintage,
    CASE
        WHEN min(s.sign) OVER kinds < 0 AND max(s.sign) OVER kinds > 0 THEN NULL
        ELSE sign(sum(s.sign) OVER kinds)::INTEGER
    END AS kind_sign,
    CASE
        WHEN min(s.sign) OVER secrecy < 0 AND max(s.sign) OVER secrecy > 0 THEN NULL
        ELSE sign(sum(s.sign) OVER secrecy)::INTEGER
    END AS private_sign,
    (count(DISTINCT s.kind) FILTER (s.sign IS NOT NULL) OVER months)::INTEGER AS kinds_measured,
    (count(s.sign) OVER months)::INTEGER AS boards_measured,
    (count(*) FILTER (s.sign > 0) OVER months)::INTEGER AS boards_us_leads,
    (count(*) FILTER (s.sign < 0) OVER months)::INTEGER AS boards_cn_leads,
    CASE WHEN kinds_measured > 1 THEN NOT (min(s.sign) OVER months < 0 AND max(s.sign) OVER months > 0) END AS kinds_agree,
    s.snapshot_id
FROM signs AS s
LEFT JOIN newest_lags AS l ON l.board = s.board AND l.month = s.month
WINDOW
    kinds AS (PARTITION BY s.month, s.kind),
    secrecy AS (PARTITION BY s.month, s.private),
    months AS (PARTITION BY s.month)
ORDER BY s.month, s.kind, s.board
