-- Of the newest month of the text arena: the smallest and the largest of its gaps by any definition and either rating, and
-- the one that these pages quote of each rating.
WITH gaps AS (
  SELECT * FROM gap_definitions
  WHERE board = 'arena_text' AND category = 'overall' AND country_rule = 'hq' AND gap_points IS NOT NULL
  QUALIFY month = max(month) OVER ()
)
SELECT
  max(month) AS month, count(DISTINCT gap_points) AS figures, min(gap_points) AS smallest, max(gap_points) AS largest,
  max(gap_points) FILTER (variant = 'raw' AND month_rule = 'last' AND listing = 'any') AS raw_gap,
  max(gap_points) FILTER (variant = 'style_control' AND month_rule = 'last' AND listing = 'any') AS style_gap
FROM gaps
HAVING count(*) > 0
