-- One row: a category of one snapshot under one listing and country rule.
-- The best US and the best Chinese model of core.country_leaders and the gap between them, all of that one
-- snapshot: nothing is subtracted across snapshots, nothing is clamped. status says why there is no gap; what is
-- withheld (meta.withheld) names no leaders either. A
-- percentage is of a score other than 0; us_win_probability is Elo's, logit_gap and near_ceiling are of boards in
-- percent. Where a model that is not listed could lead, gap_at_least is the US score less the highest that such a
-- Chinese model can have (highest_unlisted of core.snapshot_categories). Of mere leaders no model is counted.
WITH withheld AS (
    SELECT DISTINCT snapshot_id, category, TRUE AS is_withheld FROM meta.withheld
),
-- Lists and rules have numbers, in the order of the table; a place stands for both.
lists AS MATERIALIZED (
    SELECT
        s.*,
        c.category, c.is_ambiguous, w.is_withheld, c.listed_models, c.highest_unlisted,
        b.unit, b.ceiling,
        row_number() OVER (ORDER BY c.snapshot_id, c.category) AS list_place
    FROM core.snapshot_categories AS c
    JOIN core.snapshots AS s ON s.snapshot_id = c.snapshot_id
    JOIN core.boards AS b ON b.board = s.board
    LEFT JOIN withheld AS w ON w.snapshot_id = c.snapshot_id AND w.category = c.category
),
rules AS MATERIALIZED (
    SELECT *, row_number() OVER (ORDER BY listing, country_rule) AS rule_place FROM internal.leading_rules
),
leaders AS MATERIALIZED (
    SELECT
        (l.list_place << 16) + r.rule_place AS place,
        k.country = settings.country_a AS is_a,
        k.model_name, k.model_id, k.score, k.basis, k.eligible_models
    FROM core.country_leaders AS k
    JOIN lists AS l ON l.snapshot_id = k.snapshot_id AND l.category = k.category AND l.is_withheld IS NULL
    JOIN rules AS r ON r.listing = k.listing AND r.country_rule = k.country_rule
    JOIN internal.settings ON k.country IN (settings.country_a, settings.country_b)
),
-- Joined first, and to what is said of lists and rules last: a list is wide, and has two dozen rules.
places AS (
    SELECT l.list_place, r.rule_place, (l.list_place << 16) + r.rule_place AS place
    FROM lists AS l
    CROSS JOIN rules AS r
),
led AS (
    SELECT
        p.*,
        us.model_name AS us_model, us.model_id AS us_model_id, us.score AS us_score, us.basis AS us_basis,
        us.eligible_models AS us_eligible_models,
        cn.model_name AS cn_model, cn.model_id AS cn_model_id, cn.score AS cn_score, cn.basis AS cn_basis,
        cn.eligible_models AS cn_eligible_models,
        us.score - cn.score AS gap_points
    FROM places AS p
    LEFT JOIN leaders AS us ON us.place = p.place AND us.is_a
    LEFT JOIN leaders AS cn ON cn.place = p.place AND NOT cn.is_a
    ORDER BY p.place
),
pairs AS (
    SELECT
        p.*,
        l.* EXCLUDE (list_place),
        r.* EXCLUDE (rule_place),
        p.us_score / l.ceiling AS us_share, p.cn_score / l.ceiling AS cn_share,
        settings.near_ceiling / 100 AS near_ceiling
    FROM led AS p
    JOIN lists AS l USING (list_place)
    JOIN rules AS r USING (rule_place)
    CROSS JOIN internal.settings
)
SELECT
    p.snapshot_id,
    p.category,
    p.listing,
    p.country_rule,
    p.board,
    p.variant,
    p.published_on,
    CASE
        WHEN p.is_withheld THEN 'withheld'
        WHEN p.is_ambiguous THEN 'ambiguous'
        WHEN p.coverage <> 'whole' AND (p.us_score IS NULL OR p.cn_score IS NULL) THEN 'truncated'
        WHEN p.cn_score IS NULL THEN 'no_cn_model'
        WHEN p.us_score IS NULL THEN 'no_us_model'
        WHEN p.coverage = 'leaders' THEN 'leaders_only'
        ELSE 'observed'
    END AS status,
    p.us_model,
    p.us_score,
    p.cn_model,
    p.cn_score,
    p.gap_points,
    -- A score of 0 is a score, but no percentage is of it: dividing would give an infinity.
    100 * p.gap_points / nullif(p.cn_score, 0) AS gap_pct_of_cn,
    100 * p.gap_points / nullif(p.us_score, 0) AS gap_pct_of_us,
    CASE WHEN p.unit = 'elo' THEN 1 / (1 + pow(10, -p.gap_points / 400)) END AS us_win_probability,
    CASE
        WHEN p.unit = 'percent' AND least(p.us_share, p.cn_share) > 0 AND greatest(p.us_share, p.cn_share) < 1 AND p.gap_points IS NOT NULL
            THEN ln(p.us_share / (1 - p.us_share)) - ln(p.cn_share / (1 - p.cn_share))
    END AS logit_gap,
    CASE WHEN p.unit = 'percent' THEN greatest(p.us_share, p.cn_share) > p.near_ceiling END AS near_ceiling,
    CASE
        WHEN p.cn_score IS NULL OR p.highest_unlisted > least(p.us_score, p.cn_score)
            THEN p.us_score - greatest(p.highest_unlisted, p.cn_score)
    END AS gap_at_least,
    p.us_model_id,
    p.cn_model_id,
    um.organization_id AS us_organization_id,
    cm.organization_id AS cn_organization_id,
    CASE WHEN p.coverage <> 'leaders' THEN p.us_eligible_models END AS us_eligible_models,
    CASE WHEN p.coverage <> 'leaders' THEN p.cn_eligible_models END AS cn_eligible_models,
    CASE WHEN p.coverage <> 'leaders' THEN p.listed_models END AS listed_models,
    p.us_basis,
    p.cn_basis,
    p.date_basis,
    p.source_id,
    p.anchor,
    p.anchor_is_standard
FROM pairs AS p
LEFT JOIN core.models AS um ON um.model_id = p.us_model_id
LEFT JOIN core.models AS cm ON cm.model_id = p.cn_model_id
