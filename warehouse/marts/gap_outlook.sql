-- One row: a month ahead of a series with enough months, up to six after its last gap.
-- The fan of "no change": the point is the last gap, and the spread grows with the square root of the months
-- ahead, sd = monthly_sd · √horizon. monthly_sd is the root mean square of the last twelve changes from month to month
-- (at least six; a change over k months is divided by √k). The bands hold 50, 80 and 95 % of a normal of that
-- spread. No trend is continued: on the record of the text arena every model that does so came less close. No chance of
-- a lead is given: where the lead has hardly changed hands, nothing shows whether such a chance is right. Beside the fan
-- stands how it would have done, at its own horizon and at all of gap_outlook_record. Months already past have no row.
WITH newest AS (
    SELECT *
    FROM internal.no_change_fans
    QUALIFY row_number() OVER (PARTITION BY board, variant, category ORDER BY origin_month DESC) = 1
),
known AS (
    SELECT board, variant, category, max(month) AS last_month
    FROM main.monthly_gap
    GROUP BY board, variant, category
),
fans AS (
    SELECT
        n.*,
        h.horizon::INTEGER AS horizon,
        (n.origin_month + to_months(h.horizon::INTEGER))::DATE AS month,
        n.monthly_sd * sqrt(h.horizon) AS sd
    FROM newest AS n
    CROSS JOIN (SELECT unnest(range(1, 7)) AS horizon) AS h
),
-- horizon is null in the record over all horizons.
records AS (
    SELECT
        board,
        variant,
        category,
        horizon,
        count(*)::INTEGER AS forecasts,
        avg(is_within_50::INTEGER) AS coverage_50,
        avg(is_within_80::INTEGER) AS coverage_80,
        avg(is_within_95::INTEGER) AS coverage_95,
        -- In order: a sum of fractions depends on it.
        avg(abs(error) ORDER BY abs(error)) AS mean_absolute_error
    FROM main.gap_outlook_record
    GROUP BY GROUPING SETS ((board, variant, category, horizon), (board, variant, category))
)
SELECT
    f.board,
    f.variant,
    f.category,
    f.horizon,
    f.month,
    f.origin_month,
    f.point,
    f.sd,
    f.point - f.z_50 * f.sd AS low_50,
    f.point + f.z_50 * f.sd AS high_50,
    f.point - f.z_80 * f.sd AS low_80,
    f.point + f.z_80 * f.sd AS high_80,
    f.point - f.z_95 * f.sd AS low_95,
    f.point + f.z_95 * f.sd AS high_95,
    f.monthly_sd,
    f.changes,
    min(f.month) FILTER (low_95 <= 0 AND high_95 >= 0) OVER (PARTITION BY f.board, f.variant, f.category) AS parity_not_excluded_from,
    coalesce(r.forecasts, 0) AS forecasts,
    r.coverage_50,
    r.coverage_80,
    r.coverage_95,
    r.mean_absolute_error,
    coalesce(a.forecasts, 0) AS all_forecasts,
    a.coverage_50 AS all_coverage_50,
    a.coverage_80 AS all_coverage_80,
    a.coverage_95 AS all_coverage_95,
    a.mean_absolute_error AS all_mean_absolute_error
FROM fans AS f
JOIN known AS k
    ON k.board = f.board AND k.variant = f.variant AND k.category = f.category AND k.last_month < f.month
LEFT JOIN records AS r
    ON r.board = f.board AND r.variant = f.variant AND r.category = f.category AND r.horizon = f.horizon
LEFT JOIN records AS a
    ON a.board = f.board AND a.variant = f.variant AND a.category = f.category AND a.horizon IS NULL
ORDER BY f.board, f.variant, f.category, f.horizon
