-- One row: a month of one board, variant and category as known on the day known_on.
-- The rule of monthly_gap over the snapshots whose bytes were known by the day: fetched, or committed by a
-- mirror. A history fetched later counts from the day it was fetched, whatever days it speaks of. Without
-- intervals. Columns mean what they mean in main.monthly_gap.
CREATE OR REPLACE MACRO main.gap_as_of(known_on) AS TABLE
WITH candidate AS (
    SELECT
        s.board, s.variant, c.category, s.snapshot_id, s.published_on, s.date_basis, s.source_id, s.known_at,
        s.coverage, c.is_ambiguous, c.listed_models, c.lowest_score,
        date_trunc('month', s.published_on)::DATE AS month
    FROM core.snapshots AS s
    JOIN core.snapshot_categories AS c USING (snapshot_id)
    WHERE s.known_at < CAST(known_on AS DATE) + INTERVAL 1 DAY
    QUALIFY row_number() OVER (
        PARTITION BY s.board, s.variant, c.category, date_trunc('month', s.published_on)
        ORDER BY
            s.published_on DESC,
            s.date_basis = 'not_after',
            c.is_ambiguous,
            CASE s.coverage WHEN 'whole' THEN 0 WHEN 'truncated' THEN 1 ELSE 2 END,
            c.listed_models DESC,
            s.precision,
            s.distance,
            s.known_at,
            s.snapshot_id
    ) = 1
),
choice AS (
    SELECT
        max(value) FILTER (name = 'country_a') AS a,
        max(value) FILTER (name = 'country_b') AS b,
        max(value) FILTER (name = 'listing') AS listing,
        max(value) FILTER (name = 'country_rule') AS country_rule
    FROM meta.parameters
)
SELECT
    p.board,
    p.variant,
    p.category,
    p.month,
    CASE
        WHEN p.is_ambiguous THEN 'ambiguous'
        WHEN p.coverage <> 'whole' AND (x.score IS NULL OR y.score IS NULL) THEN 'truncated'
        WHEN y.score IS NULL THEN 'no_cn_model'
        WHEN x.score IS NULL THEN 'no_us_model'
        WHEN p.coverage = 'leaders' THEN 'leaders_only'
        ELSE 'observed'
    END AS status,
    x.model_name AS us_model,
    x.score AS us_score,
    y.model_name AS cn_model,
    y.score AS cn_score,
    x.score - y.score AS gap_points,
    100 * (x.score - y.score) / nullif(y.score, 0) AS gap_pct_of_cn,
    100 * (x.score - y.score) / nullif(x.score, 0) AS gap_pct_of_us,
    CASE WHEN p.coverage <> 'whole' AND y.score IS NULL THEN x.score - p.lowest_score END AS gap_at_least,
    p.snapshot_id,
    p.published_on,
    p.date_basis,
    p.source_id,
    p.known_at
FROM candidate AS p
CROSS JOIN choice
LEFT JOIN core.country_leaders AS x
    ON x.snapshot_id = p.snapshot_id AND x.category = p.category AND x.country = choice.a
    AND x.listing = choice.listing AND x.country_rule = choice.country_rule
LEFT JOIN core.country_leaders AS y
    ON y.snapshot_id = p.snapshot_id AND y.category = p.category AND y.country = choice.b
    AND y.listing = choice.listing AND y.country_rule = choice.country_rule
ORDER BY p.board, p.variant, p.category, p.month
