-- The Chinese chip's figure as a share of the US chip's: the best shipped by the end of each year, and named pairs.
SELECT
  pair, year, measure, us_chip, us_value, cn_chip, cn_value, 100 * ratio AS share_pct, availability, note,
  'epoch_hardware' AS source_id
FROM chip_gap
WHERE measure IN ('fp16_tensor', 'memory', 'bandwidth') AND (pair = 'best_shipped' OR ratio IS NOT NULL)
ORDER BY pair <> 'best_shipped', pair, measure, year
