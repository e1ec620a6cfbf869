-- One row: a month of one arena board or index, variant and category.
-- The best models with open and with closed weights in the snapshot that stands for the month (main.monthly_gap), and
-- the differences between them, all of that one snapshot. Weights are open or closed as of the day of the snapshot. A
-- class that a model of unknown weights could lead is null, and so are its differences. Of a list that is cut, at_most
-- is the highest score the class's leader can have where an unlisted row could lead. A difference has an interval,
-- 1.959964 standard errors either way, where both leaders have a published error and no unlisted row could lead in their
-- place; whole numbers add the variance of rounding.
WITH leaders AS (
    SELECT l.*, CASE s.precision WHEN 'rounded' THEN 1 / 12 ELSE 0 END AS rounding_variance
    FROM core.weights_leaders AS l
    JOIN core.snapshots AS s USING (snapshot_id)
),
differences AS (
    SELECT
        a.snapshot_id,
        a.category,
        d.difference,
        a.score - b.score AS points,
        CASE
            WHEN a.is_proved AND b.is_proved
                THEN sqrt(pow(a.standard_error, 2) + pow(b.standard_error, 2) + a.rounding_variance + b.rounding_variance)
        END AS error
    FROM (VALUES
        ('open_us_minus_open_cn', 'us_open', 'cn_open'),
        ('closed_us_minus_cn', 'us_closed', 'cn'),
        ('closed_us_minus_open_cn', 'us_closed', 'cn_open'),
        ('world_closed_minus_open', 'world_closed', 'world_open')
    ) AS d(difference, class_a, class_b)
    JOIN leaders AS a ON a.class = d.class_a
    JOIN leaders AS b ON b.class = d.class_b AND b.snapshot_id = a.snapshot_id AND b.category = a.category
),
sides AS (
    SELECT
        snapshot_id,
        category,
        bool_or(class_status = 'withheld') AS is_withheld,
        bool_or(class_status = 'unlisted') AS is_cut,
        bool_or(class_status = 'none') AS lacks_a_class,
        max(model_name) FILTER (class = 'us_open') AS us_open_model,
        max(model_id) FILTER (class = 'us_open') AS us_open_model_id,
        max(score) FILTER (class = 'us_open') AS us_open_score,
        max(at_most) FILTER (class = 'us_open') AS us_open_at_most,
        max(model_name) FILTER (class = 'cn_open') AS cn_open_model,
        max(model_id) FILTER (class = 'cn_open') AS cn_open_model_id,
        max(score) FILTER (class = 'cn_open') AS cn_open_score,
        max(at_most) FILTER (class = 'cn_open') AS cn_open_at_most,
        max(model_name) FILTER (class = 'us_closed') AS us_closed_model,
        max(model_id) FILTER (class = 'us_closed') AS us_closed_model_id,
        max(score) FILTER (class = 'us_closed') AS us_closed_score,
        max(at_most) FILTER (class = 'us_closed') AS us_closed_at_most,
        max(model_name) FILTER (class = 'cn') AS cn_model,
        max(model_id) FILTER (class = 'cn') AS cn_model_id,
        max(score) FILTER (class = 'cn') AS cn_score,
        max(at_most) FILTER (class = 'cn') AS cn_at_most,
        max(model_name) FILTER (class = 'world_open') AS world_open_model,
        max(model_id) FILTER (class = 'world_open') AS world_open_model_id,
        max(country) FILTER (class = 'world_open') AS world_open_country,
        max(score) FILTER (class = 'world_open') AS world_open_score,
        max(at_most) FILTER (class = 'world_open') AS world_open_at_most,
        max(model_name) FILTER (class = 'world_closed') AS world_closed_model,
        max(model_id) FILTER (class = 'world_closed') AS world_closed_model_id,
        max(country) FILTER (class = 'world_closed') AS world_closed_country,
        max(score) FILTER (class = 'world_closed') AS world_closed_score,
        max(at_most) FILTER (class = 'world_closed') AS world_closed_at_most
    FROM leaders
    GROUP BY snapshot_id, category
),
gaps AS (
    SELECT
        snapshot_id,
        category,
        max(points) FILTER (difference = 'open_us_minus_open_cn') AS open_us_minus_open_cn,
        max(error) FILTER (difference = 'open_us_minus_open_cn') AS open_us_minus_open_cn_error,
        max(points) FILTER (difference = 'closed_us_minus_cn') AS closed_us_minus_cn,
        max(error) FILTER (difference = 'closed_us_minus_cn') AS closed_us_minus_cn_error,
        max(points) FILTER (difference = 'closed_us_minus_open_cn') AS closed_us_minus_open_cn,
        max(error) FILTER (difference = 'closed_us_minus_open_cn') AS closed_us_minus_open_cn_error,
        max(points) FILTER (difference = 'world_closed_minus_open') AS world_closed_minus_open,
        max(error) FILTER (difference = 'world_closed_minus_open') AS world_closed_minus_open_error
    FROM differences
    GROUP BY snapshot_id, category
)
SELECT
    m.board,
    m.variant,
    m.category,
    m.month,
    CASE
        WHEN m.status IN ('no_snapshot', 'withheld', 'ambiguous') THEN m.status
        WHEN s.is_withheld THEN 'withheld'
        WHEN s.is_cut THEN 'truncated'
        WHEN s.lacks_a_class THEN 'no_model'
        WHEN n.coverage = 'leaders' THEN 'leaders_only'
        ELSE 'observed'
    END AS status,
    s.us_open_model,
    s.us_open_score,
    s.cn_open_model,
    s.cn_open_score,
    s.us_closed_model,
    s.us_closed_score,
    s.cn_model,
    s.cn_score,
    s.world_open_model,
    s.world_open_score,
    s.world_open_country,
    s.world_closed_model,
    s.world_closed_score,
    s.world_closed_country,
    g.open_us_minus_open_cn,
    g.open_us_minus_open_cn_error,
    g.open_us_minus_open_cn - 1.959963984540054 * g.open_us_minus_open_cn_error AS open_us_minus_open_cn_low,
    g.open_us_minus_open_cn + 1.959963984540054 * g.open_us_minus_open_cn_error AS open_us_minus_open_cn_high,
    -- The best Chinese open model has at least the score of the best listed, proved or not.
    s.us_open_at_most - s.cn_open_score AS open_us_minus_open_cn_at_most,
    g.closed_us_minus_cn,
    g.closed_us_minus_cn_error,
    g.closed_us_minus_cn - 1.959963984540054 * g.closed_us_minus_cn_error AS closed_us_minus_cn_low,
    g.closed_us_minus_cn + 1.959963984540054 * g.closed_us_minus_cn_error AS closed_us_minus_cn_high,
    g.closed_us_minus_open_cn,
    g.closed_us_minus_open_cn_error,
    g.closed_us_minus_open_cn - 1.959963984540054 * g.closed_us_minus_open_cn_error AS closed_us_minus_open_cn_low,
    g.closed_us_minus_open_cn + 1.959963984540054 * g.closed_us_minus_open_cn_error AS closed_us_minus_open_cn_high,
    g.world_closed_minus_open,
    g.world_closed_minus_open_error,
    g.world_closed_minus_open - 1.959963984540054 * g.world_closed_minus_open_error AS world_closed_minus_open_low,
    g.world_closed_minus_open + 1.959963984540054 * g.world_closed_minus_open_error AS world_closed_minus_open_high,
    s.us_open_at_most,
    s.cn_open_at_most,
    s.us_closed_at_most,
    s.cn_at_most,
    s.world_open_at_most,
    s.world_closed_at_most,
    s.us_open_model_id,
    s.cn_open_model_id,
    s.us_closed_model_id,
    s.cn_model_id,
    s.world_open_model_id,
    s.world_closed_model_id,
    m.snapshot_id,
    m.published_on,
    m.source_id,
    m.month_rule,
    m.listing,
    m.country_rule
FROM main.monthly_gap AS m
JOIN core.boards AS b ON b.board = m.board AND (starts_with(b.board, 'arena_') OR b.kind = 'index')
LEFT JOIN core.snapshots AS n ON n.snapshot_id = m.snapshot_id
LEFT JOIN sides AS s ON s.snapshot_id = m.snapshot_id AND s.category = m.category
LEFT JOIN gaps AS g ON g.snapshot_id = m.snapshot_id AND g.category = m.category
ORDER BY m.board, m.variant, m.category, m.month
