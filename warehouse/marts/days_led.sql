-- One row: who held the first place of a board, in one scope and at one level, and for how many days.
-- The days of main.days_led_by_month together, and of a holder what its reigns lasted at least and at most. Days without
-- a publication that is new enough are a row of their own, the holder unknown; share is of the other days.
WITH held AS (
    SELECT
        board,
        variant,
        scope,
        level,
        holder,
        max_by(holder_name, month) AS holder_name,
        sum(days)::INTEGER AS days
    FROM main.days_led_by_month
    GROUP BY ALL
),
reigned AS (
    SELECT
        board,
        variant,
        scope,
        level,
        holder,
        count(*)::INTEGER AS reigns,
        sum(days_at_least)::INTEGER AS days_at_least,
        sum(days_at_most)::INTEGER AS days_at_most
    FROM main.reigns
    GROUP BY ALL
),
spans AS (
    SELECT board, variant, scope, level, min(first_seen) AS first_day, max(last_seen) AS last_day
    FROM main.reigns
    GROUP BY ALL
)
SELECT
    h.board,
    h.variant,
    h.scope,
    h.level,
    h.holder,
    h.holder_name,
    h.days,
    coalesce(sum(h.days) FILTER (h.holder <> 'unknown') OVER series, 0)::INTEGER AS known_days,
    coalesce(sum(h.days) FILTER (h.holder = 'unknown') OVER series, 0)::INTEGER AS unknown_days,
    CASE WHEN h.holder <> 'unknown' THEN h.days / known_days END AS share_of_known_days,
    r.reigns,
    r.days_at_least,
    r.days_at_most,
    s.first_day,
    s.last_day
FROM held AS h
JOIN spans AS s ON s.board = h.board AND s.variant = h.variant AND s.scope = h.scope AND s.level = h.level
LEFT JOIN reigned AS r
    ON r.board = h.board AND r.variant = h.variant AND r.scope = h.scope AND r.level = h.level AND r.holder = h.holder
WINDOW series AS (PARTITION BY h.board, h.variant, h.scope, h.level)
ORDER BY h.board, h.variant, h.scope, h.level, h.holder
