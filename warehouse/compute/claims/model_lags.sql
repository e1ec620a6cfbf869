-- One row: a reading of the lag of one of the models $model_ids on a board, overall, in order of vintages.
-- Of the model's efforts in one vintage the one that scores highest.
SELECT l.*
FROM main.model_lag AS l
JOIN core.models AS m ON m.model_id = l.cn_model_id
WHERE list_contains($model_ids, coalesce(m.base_model, m.model_id)) AND l.category = 'overall' AND l.variant = 'default'
QUALIFY row_number() OVER (PARTITION BY l.snapshot_id, l.reading ORDER BY l.cn_score DESC, l.cn_model) = 1
ORDER BY l.board, l.vintage, l.snapshot_id, l.reading
