SELECT m.board, m.variant, m.category, m.month, m.status, g.month AS from_month, g.us_model, g.cn_model, g.gap_points
FROM {{ ref('monthly_gap') }} AS m
ASOF JOIN (SELECT * FROM {{ ref('monthly_gap') }} WHERE gap_points IS NOT NULL) AS g
    ON g.board = m.board AND g.variant = m.variant AND g.category = m.category AND g.month <= m.month
