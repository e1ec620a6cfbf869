-- One row: a month of one series, and the newest month before it that has a gap.
-- What moved the gap between the snapshots that stand for the two months, by model identity (of several rows of one
-- model the best). Of the models of a country that both snapshots list: dropped is their best score before less the
-- best of all before, 0 unless the leader is no longer listed; rerated is their best score after less their best
-- before, made up of leader_rerated (what the best of them before gained) and overtaken (by how much another of
-- them is ahead of it now); new is the best score of all after less their best after, 0 unless the leader was not
-- listed before. The three add up to the change of the country's score; the US parts less the Chinese ones to the
-- change of the gap. This is the one place where scores of two snapshots are subtracted. It is allowed because only
-- scores of the same models are: their ratings are estimated again, perhaps on another anchor, and what moves all of
-- them is in the rerated of both countries and cancels in the gap. scale_shift is the median move of all models that
-- both snapshots list, of any country. Where they share no model of a country, its parts are null (status).
-- Months without a gap are passed over. Models are those that may lead under the listing. change_12m is the gap less
-- that of the same month a year before, and change_12m_error is √(e₁² + e₂²) of the two gap_error: 95 % is ± 1.96 of
-- it. That takes the two as independent; votes they share make it too wide, not too narrow.
WITH months AS (
    SELECT
        g.*,
        s.coverage,
        row_number() OVER (ORDER BY g.board, g.variant, g.category, g.month) AS place,
        lag(g.month) OVER series AS from_month,
        lag(g.snapshot_id) OVER series AS from_snapshot_id,
        lag(g.published_on) OVER series AS from_published_on,
        lag(s.coverage) OVER series AS from_coverage,
        lag(g.us_model) OVER series AS us_old_leader,
        lag(g.cn_model) OVER series AS cn_old_leader,
        lag(g.gap_points) OVER series AS from_gap_points
    FROM main.monthly_gap AS g
    JOIN core.snapshots AS s USING (snapshot_id)
    WHERE g.gap_points IS NOT NULL
    WINDOW series AS (PARTITION BY g.board, g.variant, g.category ORDER BY g.month)
),
ends AS (
    SELECT place, category, from_snapshot_id AS snapshot_id, TRUE AS is_before FROM months WHERE from_month IS NOT NULL
    UNION ALL
    SELECT place, category, snapshot_id, FALSE FROM months WHERE from_month IS NOT NULL
),
-- Models have numbers, since there are hundreds of thousands of pairs of a month and a model. A pair stands for a month,
-- a model and a country; a side for a month and a country, of which country_a is the odd one.
numbers AS (
    SELECT model_id, row_number() OVER () AS model FROM (SELECT DISTINCT model_id FROM core.scores)
),
listed AS MATERIALIZED (
    SELECT
        (e.place << 24) + (n.model << 1) + (c.country = settings.country_a)::INTEGER AS pair,
        e.is_before,
        c.model_name,
        c.score
    FROM ends AS e
    JOIN internal.country_scores AS c USING (snapshot_id, category)
    JOIN internal.settings ON c.country IN (settings.country_a, settings.country_b)
    JOIN numbers AS n ON n.model_id = c.model_id
    WHERE c.is_eligible
),
-- Each model of the two countries with its best score before and after; null where it is not listed.
models AS MATERIALIZED (
    SELECT
        pair,
        (pair >> 24 << 1) + (pair & 1) AS side,
        max(score) FILTER (is_before) AS before,
        max(score) FILTER (NOT is_before) AS after
    FROM listed
    GROUP BY pair
),
bests AS (
    SELECT
        side,
        max(before) AS best_before,
        max(after) AS best_after,
        max(before) FILTER (after IS NOT NULL) AS shared_before,
        max(after) FILTER (before IS NOT NULL) AS shared_after,
        count(*) FILTER (before IS NOT NULL AND after IS NOT NULL)::INTEGER AS shared_models
    FROM models
    GROUP BY side
),
-- The best before of the shared models, of equals the first by name, with its score after.
leaders AS (
    SELECT b.side, min_by(m.after, l.model_name) AS leader_after
    FROM bests AS b
    JOIN models AS m ON m.side = b.side AND m.before = b.shared_before AND m.after IS NOT NULL
    JOIN listed AS l ON l.pair = m.pair AND l.is_before AND l.score = b.shared_before
    GROUP BY b.side
),
parts AS (
    SELECT
        side,
        shared_models,
        shared_before - best_before AS dropped,
        leader_after - shared_before AS leader_rerated,
        shared_after - leader_after AS overtaken,
        shared_after - shared_before AS rerated,
        best_after - shared_after AS new
    FROM bests
    LEFT JOIN leaders USING (side)
),
moves AS (
    SELECT
        (e.place << 24) + coalesce(n.model, 0) AS pair,
        max(c.score) FILTER (NOT e.is_before) - max(c.score) FILTER (e.is_before) AS move
    FROM ends AS e
    JOIN core.scores AS c USING (snapshot_id, category)
    LEFT JOIN numbers AS n ON n.model_id = c.model_id
    WHERE c.score IS NOT NULL AND NOT c.is_ambiguous
    GROUP BY pair
),
scales AS (
    SELECT pair >> 24 AS place, median(move) AS scale_shift, count(move)::INTEGER AS shared_models
    FROM moves
    GROUP BY ALL
)
SELECT
    m.board,
    m.variant,
    m.category,
    m.month,
    m.from_month,
    date_diff('month', m.from_month, m.month)::INTEGER AS months_between,
    CASE
        WHEN us.rerated IS NULL AND cn.rerated IS NULL THEN 'no_shared_model'
        WHEN us.rerated IS NULL THEN 'no_shared_us_model'
        WHEN cn.rerated IS NULL THEN 'no_shared_cn_model'
        ELSE 'explained'
    END AS status,
    m.from_gap_points,
    m.gap_points,
    m.gap_points - m.from_gap_points AS change_points,
    m.gap_points - y.gap_points AS change_12m,
    sqrt(pow(m.gap_error, 2) + pow(y.gap_error, 2)) AS change_12m_error,
    us.new - cn.new AS change_from_new,
    us.dropped - cn.dropped AS change_from_dropped,
    us.rerated - cn.rerated AS change_from_rerated,
    us.leader_rerated - cn.leader_rerated AS change_from_leader_rerated,
    us.overtaken - cn.overtaken AS change_from_overtaken,
    us.new AS us_new,
    us.dropped AS us_dropped,
    us.rerated AS us_rerated,
    us.leader_rerated AS us_leader_rerated,
    us.overtaken AS us_overtaken,
    us.rerated - s.scale_shift AS us_rerated_own,
    cn.new AS cn_new,
    cn.dropped AS cn_dropped,
    cn.rerated AS cn_rerated,
    cn.leader_rerated AS cn_leader_rerated,
    cn.overtaken AS cn_overtaken,
    cn.rerated - s.scale_shift AS cn_rerated_own,
    s.scale_shift,
    m.us_old_leader,
    m.us_model AS us_new_leader,
    CASE WHEN us.dropped < 0 THEN m.us_old_leader END AS us_dropped_leader,
    CASE WHEN us.new > 0 THEN m.us_model END AS us_new_model,
    CASE WHEN us.new > 0 THEN uf.first_listed_on <= m.from_published_on END AS us_is_return,
    m.cn_old_leader,
    m.cn_model AS cn_new_leader,
    CASE WHEN cn.dropped < 0 THEN m.cn_old_leader END AS cn_dropped_leader,
    CASE WHEN cn.new > 0 THEN m.cn_model END AS cn_new_model,
    CASE WHEN cn.new > 0 THEN cf.first_listed_on <= m.from_published_on END AS cn_is_return,
    m.from_coverage <> 'whole' OR m.coverage <> 'whole' AS is_partial,
    coalesce(us.shared_models, 0) AS us_shared_models,
    coalesce(cn.shared_models, 0) AS cn_shared_models,
    s.shared_models,
    m.from_snapshot_id,
    m.from_published_on,
    m.snapshot_id,
    m.published_on
FROM months AS m
LEFT JOIN months AS y
    ON y.board = m.board AND y.variant = m.variant AND y.category = m.category AND y.month = m.month - INTERVAL 12 MONTH
LEFT JOIN parts AS us ON us.side = (m.place << 1) + 1
LEFT JOIN parts AS cn ON cn.side = m.place << 1
LEFT JOIN scales AS s ON s.place = m.place
LEFT JOIN core.first_listed AS uf ON uf.board = m.board AND uf.model_id = m.us_model_id
LEFT JOIN core.first_listed AS cf ON cf.board = m.board AND cf.model_id = m.cn_model_id
WHERE m.from_month IS NOT NULL
ORDER BY m.board, m.variant, m.category, m.month
