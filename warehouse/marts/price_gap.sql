-- One row: a month, question, level and country.
-- top_model: the country's best model of the spine board's snapshot of the month (style control where there is
-- one, else raw; overall). near_top: the cheapest model at most near_top_points below it. level: the cheapest
-- model listed by the month's end that reaches the level in the newest whole style-control vintage.
-- Prices are the maker's own, three parts input to one output by default, from the newest list by the month's
-- end: litellm's, and models.dev's for what litellm's has no price for. Names stand for models as
-- core.price_names says on the day of the list; other sellers have no names there. A zero is a price only if
-- the maker says free. A question without a priced model has a row all the same, with price_status missing.
WITH parameter AS (
    SELECT
        max(value) FILTER (name = 'country_a') AS a,
        max(value) FILTER (name = 'country_b') AS b,
        max(value) FILTER (name = 'country_rule') AS country_rule,
        max(value) FILTER (name = 'listing') AS listing,
        max(value) FILTER (name = 'spine_board') AS board,
        max(value) FILTER (name = 'near_top_points')::DOUBLE AS near_top_points,
        max(value) FILTER (name = 'price_levels') AS levels,
        max(value) FILTER (name = 'price_blend_input')::DOUBLE AS input_parts,
        max(value) FILTER (name = 'price_blend_output')::DOUBLE AS output_parts
    FROM meta.parameters
),
country AS (
    SELECT a AS country FROM parameter
    UNION ALL
    SELECT b FROM parameter
),
level AS (
    SELECT unnest(string_split(levels, ';'))::DOUBLE AS level FROM parameter
),
month_snapshot AS (
    SELECT g.month, g.variant, g.category, g.snapshot_id, g.published_on
    FROM main.monthly_gap AS g, parameter
    WHERE g.board = parameter.board AND g.category = 'overall'
    QUALIFY row_number() OVER (
        PARTITION BY g.month ORDER BY g.status IN ('no_snapshot', 'ambiguous'), g.variant = 'style_control' DESC
    ) = 1
),
vintage AS (
    SELECT p.variant, p.category, p.snapshot_id, p.published_on
    FROM core.publications AS p, parameter
    WHERE p.board = parameter.board AND p.variant = 'style_control' AND p.category = 'overall' AND NOT p.is_ambiguous
        AND p.snapshot_id IN (SELECT snapshot_id FROM core.snapshots WHERE coverage = 'whole')
    ORDER BY p.published_on DESC, p.is_last_of_day DESC
    LIMIT 1
),
scored AS (
    SELECT s.snapshot_id, s.category, m.country, c.model_name, c.model_id, c.score
    FROM (
        SELECT snapshot_id, category, published_on FROM month_snapshot
        UNION
        SELECT snapshot_id, category, published_on FROM vintage
    ) AS s
    CROSS JOIN parameter
    JOIN core.scores AS c ON c.snapshot_id = s.snapshot_id AND c.category = s.category
    JOIN core.model_countries AS m
        ON m.model_id = c.model_id AND m.country_rule = parameter.country_rule
        AND s.published_on BETWEEN m.valid_from AND m.valid_to
    WHERE c.score IS NOT NULL AND NOT c.is_ambiguous AND (parameter.listing = 'any' OR c.is_public)
),
top AS (
    SELECT snapshot_id, category, country, model_name, score
    FROM scored
    QUALIFY row_number() OVER (PARTITION BY snapshot_id, category, country ORDER BY score DESC, model_name) = 1
),
asked AS (
    -- Every question, whether or not a model answers it.
    SELECT q.question, q.level, n.month, n.snapshot_id, n.category, n.variant, c.country
    FROM month_snapshot AS n
    CROSS JOIN country AS c
    CROSS JOIN (VALUES ('top_model', NULL::DOUBLE), ('near_top', NULL::DOUBLE)) AS q(question, level)
    UNION ALL
    SELECT 'level', l.level, n.month, v.snapshot_id, v.category, v.variant, c.country
    FROM month_snapshot AS n, country AS c, level AS l, vintage AS v
),
candidate AS (
    SELECT a.*, s.model_name, s.model_id, s.score
    FROM asked AS a
    CROSS JOIN parameter
    JOIN scored AS s ON s.snapshot_id = a.snapshot_id AND s.category = a.category AND s.country = a.country
    JOIN top AS t ON t.snapshot_id = a.snapshot_id AND t.category = a.category AND t.country = a.country
    JOIN core.first_listed AS f ON f.board = parameter.board AND f.model_id = s.model_id
    WHERE CASE a.question
        WHEN 'top_model' THEN s.model_name = t.model_name
        WHEN 'near_top' THEN s.score >= t.score - parameter.near_top_points
        ELSE s.score >= a.level AND f.first_listed_on <= last_day(a.month)
    END
),
list AS (
    -- The newest list of each source in each month.
    SELECT n.month, p.source_id, max(p.price_list_date) AS price_list_date
    FROM month_snapshot AS n
    JOIN (SELECT DISTINCT source_id, price_list_date FROM core.prices) AS p ON p.price_list_date <= last_day(n.month)
    GROUP BY n.month, p.source_id
),
price AS (
    SELECT
        l.month,
        n.model_id,
        p.source_id,
        p.price_list_date,
        p.provider,
        p.listed_name,
        p.input_usd_per_mtok,
        p.output_usd_per_mtok,
        (input_parts * p.input_usd_per_mtok + output_parts * p.output_usd_per_mtok) / (input_parts + output_parts) AS blended,
        CASE WHEN blended > 0 THEN 'first_party' ELSE 'free_by_maker' END AS price_status
    FROM list AS l
    CROSS JOIN parameter
    JOIN core.prices AS p ON p.source_id = l.source_id AND p.price_list_date = l.price_list_date
    JOIN core.price_names AS n
        ON n.source_id = p.source_id AND n.provider = p.provider AND n.listed_name = p.listed_name
        AND p.price_list_date BETWEEN n.valid_from AND n.valid_to
    JOIN core.price_providers AS o ON o.source_id = n.source_id AND o.provider = n.provider AND o.is_first_party
    WHERE (p.input_usd_per_mtok > 0 AND p.output_usd_per_mtok > 0)
        OR (n.free_by_maker AND p.input_usd_per_mtok = 0 AND p.output_usd_per_mtok = 0)
    QUALIFY row_number() OVER (
        PARTITION BY l.month, n.model_id
        ORDER BY p.source_id <> 'litellm_prices', p.source_id, o.preference, p.listed_name, p.input_id DESC, p.listing
    ) = 1
),
answer AS (
    SELECT
        c.*,
        p.* EXCLUDE (month, model_id),
        count(*) OVER asked_here AS candidates,
        count(p.blended) OVER asked_here AS priced_candidates,
        row_number() OVER (asked_here ORDER BY p.blended NULLS LAST, c.score DESC, c.model_name) AS place
    FROM candidate AS c
    LEFT JOIN price AS p ON p.month = c.month AND p.model_id = c.model_id
    WINDOW asked_here AS (PARTITION BY c.question, c.level, c.month, c.country)
)
SELECT
    a.month,
    a.question,
    a.level,
    a.country,
    -- Which candidate is the cheapest is unknown while none has a price.
    CASE WHEN w.blended IS NOT NULL OR a.question = 'top_model' THEN w.model_name END AS model,
    CASE WHEN w.blended IS NOT NULL OR a.question = 'top_model' THEN w.model_id END AS model_id,
    w.input_usd_per_mtok,
    w.output_usd_per_mtok,
    w.blended AS blended_usd_per_mtok,
    CASE WHEN w.blended IS NOT NULL OR a.question = 'top_model' THEN w.score END AS score,
    coalesce(w.price_status, 'missing') AS price_status,
    coalesce(w.candidates, 0)::INTEGER AS candidates,
    coalesce(w.priced_candidates, 0)::INTEGER AS priced_candidates,
    w.price_list_date,
    w.source_id,
    w.provider,
    w.listed_name,
    a.variant,
    a.snapshot_id
FROM asked AS a
LEFT JOIN answer AS w
    ON w.question = a.question AND w.level IS NOT DISTINCT FROM a.level AND w.month = a.month AND w.country = a.country AND w.place = 1
ORDER BY a.month, a.question, a.level NULLS FIRST, a.country
