-- The newest year of the best chips shipped, by measure.
SELECT
  max(year) AS year,
  arg_max(100 * ratio, year) FILTER (measure = 'fp16_tensor') AS fp16_pct,
  arg_max(100 * ratio, year) FILTER (measure = 'memory') AS memory_pct,
  arg_max(100 * ratio, year) FILTER (measure = 'bandwidth') AS bandwidth_pct,
  arg_max(cn_chip, year) FILTER (measure = 'fp16_tensor') AS cn_chip,
  arg_max(us_chip, year) FILTER (measure = 'fp16_tensor') AS us_chip
FROM chip_gap
WHERE pair = 'best_shipped'
