-- The best chips shipped by the newest year, measure by measure: each measure has a best chip of its own.
SELECT
  year,
  max(100 * ratio) FILTER (measure = 'fp16_tensor') AS fp16_pct,
  max(100 * ratio) FILTER (measure = 'memory') AS memory_pct,
  max(100 * ratio) FILTER (measure = 'bandwidth') AS bandwidth_pct
FROM chip_gap
WHERE pair = 'best_shipped' AND ratio IS NOT NULL AND measure IN ('fp16_tensor', 'memory', 'bandwidth')
GROUP BY year
ORDER BY year DESC
LIMIT 1
