-- One row: a forecast of "no change" that can be held against what came.
-- The rule of gap_outlook as it would have been used in every month since outlook_record_from, to twelve months
-- ahead: point and width come from the months up to the origin alone, as monthly_gap has them today. Months without a
-- gap have no row.
SELECT
    f.board,
    f.variant,
    f.category,
    f.origin_month,
    date_diff('month', f.origin_month, g.month)::INTEGER AS horizon,
    g.month,
    f.point,
    f.monthly_sd * sqrt(date_diff('month', f.origin_month, g.month)) AS sd,
    g.gap_points,
    g.gap_points - f.point AS error,
    abs(g.gap_points - f.point) <= f.z_50 * sd AS is_within_50,
    abs(g.gap_points - f.point) <= f.z_80 * sd AS is_within_80,
    abs(g.gap_points - f.point) <= f.z_95 * sd AS is_within_95
FROM internal.no_change_fans AS f
JOIN internal.settings ON f.origin_month >= settings.outlook_record_from
JOIN main.monthly_gap AS g
    ON g.board = f.board AND g.variant = f.variant AND g.category = f.category
    AND g.month > f.origin_month AND g.month <= f.origin_month + INTERVAL 12 MONTH
    AND g.gap_points IS NOT NULL
ORDER BY f.board, f.variant, f.category, f.origin_month, horizon
