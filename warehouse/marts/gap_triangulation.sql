-- One row: a month of one board.
-- The overall gap of every board and month, each in its own unit; on the arena style control where the month
-- has it, else raw. kind_sign and private_sign are the side on which the boards of that kind, or the private or
-- the public ones, stand in the month; null where some stand on either side. kinds_agree: at least two kinds
-- are measured and no board of the month stands against another; null with fewer kinds. A level board (sign 0)
-- stands against none. Lags are month ends in the newest vintage that has the month, so restated, not as known
-- then.
WITH month_of_board AS (
    SELECT *
    FROM main.monthly_gap
    WHERE category = 'overall'
    QUALIFY row_number() OVER (
        PARTITION BY board, month
        ORDER BY gap_points IS NULL, status = 'no_snapshot', variant = 'style_control' DESC, variant
    ) = 1
),
signed AS (
    SELECT b.kind, b.private, b.unit, sign(m.gap_points)::INTEGER AS sign, m.*
    FROM month_of_board AS m
    JOIN core.boards AS b ON b.board = m.board
),
kinds AS (
    SELECT month, kind, count(sign) AS boards, CASE WHEN min(sign) < 0 AND max(sign) > 0 THEN NULL ELSE sign(sum(sign))::INTEGER END AS sign
    FROM signed
    GROUP BY month, kind
),
secrecy AS (
    SELECT month, private, CASE WHEN min(sign) < 0 AND max(sign) > 0 THEN NULL ELSE sign(sum(sign))::INTEGER END AS sign
    FROM signed
    GROUP BY month, private
),
months AS (
    SELECT
        month,
        count(DISTINCT kind) FILTER (sign IS NOT NULL)::INTEGER AS kinds_measured,
        count(sign)::INTEGER AS boards_measured,
        count(*) FILTER (sign > 0)::INTEGER AS boards_us_leads,
        count(*) FILTER (sign < 0)::INTEGER AS boards_cn_leads,
        NOT (min(sign) < 0 AND max(sign) > 0) AS same_side
    FROM signed
    GROUP BY month
),
newest_lag AS (
    SELECT
        board,
        month,
        max(lag_months) FILTER (reading = 'first_reached') AS lag_first_reached,
        max(lag_months) FILTER (reading = 'last_matched') AS lag_last_matched,
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
    s.status,
    l.lag_first_reached,
    l.lag_last_matched,
    l.lag_passed,
    l.lag_vintage,
    k.sign AS kind_sign,
    p.sign AS private_sign,
    m.kinds_measured,
    m.boards_measured,
    m.boards_us_leads,
    m.boards_cn_leads,
    CASE WHEN m.kinds_measured > 1 THEN m.same_side END AS kinds_agree,
    s.snapshot_id
FROM signed AS s
JOIN kinds AS k ON k.month = s.month AND k.kind = s.kind
JOIN secrecy AS p ON p.month = s.month AND p.private IS NOT DISTINCT FROM s.private
JOIN months AS m ON m.month = s.month
LEFT JOIN newest_lag AS l ON l.board = s.board AND l.month = s.month
ORDER BY s.month, s.kind, s.board
