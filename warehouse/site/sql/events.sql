-- Export-control milestones since the first month of the series. ``label``, for the chart, names the first event about
-- each AI chip, its memory or caps on chips.
WITH events AS (
  SELECT *, regexp_extract(effect_on, '^(?:worldwide )?(A[0-9]+|H[0-9]+|HBM|RTX|chip caps)', 1) AS chip
  FROM policy_events
  WHERE date >= (SELECT min(month) FROM monthly_gap WHERE board = 'arena_text' AND variant = 'raw')
), named_events AS (
  SELECT *, CASE WHEN chip <> '' AND row_number() OVER (PARTITION BY chip ORDER BY date, event) = 1
                 THEN chip END AS label
  FROM events
)
SELECT
  date, side, actor, event, effect_on, citation, label,
  -- neighbouring names stand on two lines
  CASE WHEN label IS NOT NULL THEN count(label) OVER (ORDER BY date, actor, event) % 2 END AS label_line
FROM named_events
ORDER BY date, actor, event
