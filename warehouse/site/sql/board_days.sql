-- On how many days each country and maker was first on each board, and how many days are unknown.
SELECT board, variant, scope, level, holder, holder_name, days, share_of_known_days * 100 AS share_pct, known_days,
  unknown_days, days_at_least, days_at_most, first_day, last_day
FROM days_led
WHERE level <> 'model'
ORDER BY board, variant, scope DESC, level, holder = 'unknown', days DESC, holder
