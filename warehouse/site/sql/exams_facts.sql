-- How many of the gaps that the AI Index printed are within a point of a computed one, on the same exam and year.
WITH gaps AS (
  -- level 5 of MATH stands for all of it
  SELECT split_part(exam, ',', 1) AS printed, month, min(abs(gap_points - published_gap)) AS off, 1 AS near_by
  FROM exam_gaps WHERE is_year_end AND published_gap IS NOT NULL
  GROUP BY printed, month
)
SELECT count(*) AS pairs, count(*) FILTER (off < near_by) AS near, any_value(near_by) AS near_by,
  date_part('year', min(month))::INTEGER AS first_year, date_part('year', max(month))::INTEGER AS last_year
FROM gaps
