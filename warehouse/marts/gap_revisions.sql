-- One row: a month and a later vintage with another gap.
-- Rows of restated_gap whose gap is another than the one published then, with the reasons in this order:
-- variant (then raw, now style control), model_dropped (a leader then is not in the vintage), new_model (a
-- leader now was first listed later than the snapshot then), reranked (the order of the models changed), rename
-- (a leader's printed name changed), rescaling (the same leaders with other scores).
SELECT
    r.board,
    r.variant,
    r.category,
    r.month,
    r.vintage,
    r.then_variant,
    r.gap_points_then,
    r.gap_points AS gap_points_now,
    r.gap_points - r.gap_points_then AS change_points,
    r.us_model_then,
    r.us_model AS us_model_now,
    r.cn_model_then,
    r.cn_model AS cn_model_now,
    list_filter(
        [
            CASE WHEN r.then_variant <> r.variant THEN 'variant' END,
            CASE WHEN r.leader_then_missing THEN 'model_dropped' END,
            CASE
                WHEN (r.us_model_id <> g.us_model_id AND uf.first_listed_on > g.published_on)
                    OR (r.cn_model_id <> g.cn_model_id AND cf.first_listed_on > g.published_on)
                    THEN 'new_model'
            END,
            CASE
                WHEN (r.us_model_id <> g.us_model_id AND NOT r.us_leader_then_missing AND uf.first_listed_on <= g.published_on)
                    OR (r.cn_model_id <> g.cn_model_id AND NOT r.cn_leader_then_missing AND cf.first_listed_on <= g.published_on)
                    THEN 'reranked'
            END,
            CASE
                WHEN (r.us_model_id = g.us_model_id AND lower(r.us_model) <> lower(r.us_model_then))
                    OR (r.cn_model_id = g.cn_model_id AND lower(r.cn_model) <> lower(r.cn_model_then))
                    THEN 'rename'
            END,
            CASE WHEN r.us_model_id = g.us_model_id AND r.cn_model_id = g.cn_model_id THEN 'rescaling' END
        ],
        lambda reason: reason IS NOT NULL
    ) AS reasons,
    r.snapshot_id
FROM main.restated_gap AS r
JOIN main.monthly_gap AS g
    ON g.board = r.board AND g.variant = r.then_variant AND g.category = r.category AND g.month = r.month
LEFT JOIN core.first_listed AS uf ON uf.board = r.board AND uf.model_id = r.us_model_id
LEFT JOIN core.first_listed AS cf ON cf.board = r.board AND cf.model_id = r.cn_model_id
WHERE r.snapshot_id <> g.snapshot_id AND r.gap_points IS DISTINCT FROM r.gap_points_then
ORDER BY r.board, r.variant, r.category, r.month, r.vintage
