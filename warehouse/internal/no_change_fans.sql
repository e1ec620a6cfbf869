-- One row: a month with a gap of a series long enough for an outlook, and how far its gap moves in one month.
-- Long enough: a gap in outlook_months months. monthly_sd is the root mean square of the last twelve changes up to the
-- month, at least six, of which one over k months is divided by √k. z_50, z_80 and z_95 are the points of the standard
-- normal that hold half, 80 % and 95 % of it between −z and z.
WITH changes AS (
    SELECT
        board,
        variant,
        category,
        month,
        gap_points,
        (gap_points - lag(gap_points) OVER series) / sqrt(date_diff('month', lag(month) OVER series, month)) AS monthly_change,
        count(*) OVER (PARTITION BY board, variant, category) AS months
    FROM main.monthly_gap
    WHERE gap_points IS NOT NULL
    WINDOW series AS (PARTITION BY board, variant, category ORDER BY month)
)
SELECT
    c.board,
    c.variant,
    c.category,
    c.month AS origin_month,
    c.gap_points AS point,
    sqrt(avg(pow(c.monthly_change, 2)) OVER last_changes) AS monthly_sd,
    (count(c.monthly_change) OVER last_changes)::INTEGER AS changes,
    0.6744897501960817 AS z_50,
    1.2815515655446004 AS z_80,
    1.959963984540054 AS z_95
FROM changes AS c
JOIN internal.settings ON c.months >= settings.outlook_months
WINDOW last_changes AS (
    PARTITION BY c.board, c.variant, c.category ORDER BY c.month ROWS BETWEEN 11 PRECEDING AND CURRENT ROW
)
QUALIFY changes >= 6
