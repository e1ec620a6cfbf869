-- The gaps between open and closed weights, one row a month and comparison. a leads where the gap is positive.
WITH comparisons AS (
  SELECT
    board, variant, category, month, status,
    unnest([
      {name: 'open_us_minus_open_cn', place: 1, a_model: us_open_model, a_score: us_open_score, b_model: cn_open_model, b_score: cn_open_score, gap_points: open_us_minus_open_cn, gap_low: open_us_minus_open_cn_low, gap_high: open_us_minus_open_cn_high},
      {name: 'closed_us_minus_cn', place: 2, a_model: us_closed_model, a_score: us_closed_score, b_model: cn_model, b_score: cn_score, gap_points: closed_us_minus_cn, gap_low: closed_us_minus_cn_low, gap_high: closed_us_minus_cn_high},
      {name: 'closed_us_minus_open_cn', place: 3, a_model: us_closed_model, a_score: us_closed_score, b_model: cn_open_model, b_score: cn_open_score, gap_points: closed_us_minus_open_cn, gap_low: closed_us_minus_open_cn_low, gap_high: closed_us_minus_open_cn_high},
      {name: 'world_closed_minus_open', place: 4, a_model: world_closed_model, a_score: world_closed_score, b_model: world_open_model, b_score: world_open_score, gap_points: world_closed_minus_open, gap_low: world_closed_minus_open_low, gap_high: world_closed_minus_open_high}
    ], recursive := TRUE)
  FROM open_weights_gap
)
SELECT * FROM comparisons
WHERE gap_points IS NOT NULL
ORDER BY place, board, variant, category, month
