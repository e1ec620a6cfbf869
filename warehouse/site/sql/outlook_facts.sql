-- The last gap, the ranges one and six months ahead, from when level is not excluded, and the record of both.
SELECT
  arg_min(origin_month, horizon) AS origin_month, arg_min(point, horizon) AS last_gap,
  arg_max(month, horizon) AS last_month, arg_max(low_95, horizon) AS last_low, arg_max(high_95, horizon) AS last_high,
  arg_max(low_50, horizon) AS last_low_50, arg_max(high_50, horizon) AS last_high_50,
  any_value(parity_not_excluded_from) AS parity_not_excluded_from, any_value(monthly_sd) AS monthly_sd,
  any_value(changes) AS changes, any_value(all_forecasts) AS all_forecasts, 100 * any_value(all_coverage_95) AS within_95_pct,
  100 * any_value(all_coverage_50) AS within_50_pct, arg_max(mean_absolute_error, horizon) AS last_mean_error
FROM gap_outlook
WHERE board = 'arena_text' AND variant = 'raw' AND category = 'overall'
HAVING count(*) > 0
