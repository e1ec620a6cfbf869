-- One row: a month, question, level and country.
-- top_model: the country's best model of the spine board's snapshot of the month (style control where there is
-- one, else raw; overall). near_top: the cheapest model at most near_top_points below it. level: the cheapest
-- model listed by the month's end that reaches the level in the newest whole style-control vintage.
-- Prices are the maker's own, three parts input to one output by default. For each maker the newest list dated in
-- the month that has an outlet of its own counts: a model that it lacks is withdrawn, and without such a list there
-- is no price. What is held back in a list keeps the price of the last list before. Names stand for models as
-- core.price_names says on the day of the list; other sellers have no names there. Of prices by length of prompt the
-- lowest tier counts, tier_up_to_tokens. A zero is a price only if the maker says free. A question without a priced
-- model has a row all the same, with price_status missing.

-- Over 80 lines: three questions share one list of candidates, and each step of the choice is a name below.
WITH month_snapshots AS (
    SELECT g.month, g.variant, g.category, g.snapshot_id
    FROM main.monthly_gap AS g
    JOIN internal.settings ON settings.spine_board = g.board
    WHERE g.category = 'overall'
    QUALIFY row_number() OVER (
        PARTITION BY g.month ORDER BY g.status IN ('no_snapshot', 'ambiguous', 'withheld'), g.variant = 'style_control' DESC
    ) = 1
),
newest_vintages AS (
    SELECT p.variant, p.category, p.snapshot_id
    FROM core.publications AS p
    JOIN internal.settings ON settings.spine_board = p.board
    JOIN core.snapshots AS s ON s.snapshot_id = p.snapshot_id AND s.coverage = 'whole'
    WHERE p.variant = 'style_control' AND p.category = 'overall' AND NOT p.is_ambiguous
    ORDER BY p.published_on DESC, p.is_last_of_day DESC
    LIMIT 1
),
countries AS (
    SELECT unnest([country_a, country_b]) AS country FROM internal.settings
),
levels AS (
    SELECT unnest(price_levels) AS level FROM internal.settings
),
questions AS (
    SELECT q.question, NULL::DOUBLE AS level, n.month, n.snapshot_id, n.category, n.variant, c.country
    FROM month_snapshots AS n
    CROSS JOIN countries AS c
    CROSS JOIN (VALUES ('top_model'), ('near_top')) AS q(question)
    UNION ALL
    SELECT 'level', l.level, n.month, v.snapshot_id, v.category, v.variant, c.country
    FROM month_snapshots AS n
    CROSS JOIN countries AS c
    CROSS JOIN levels AS l
    CROSS JOIN newest_vintages AS v
),
-- The models of every list asked about, once for all questions.
eligible AS (
    SELECT
        q.snapshot_id,
        q.category,
        q.country,
        s.model_name,
        s.model_id,
        s.score,
        s.model_name = t.model_name AS is_top,
        s.score >= t.score - settings.near_top_points AS is_near_top,
        f.first_listed_on
    FROM (SELECT DISTINCT snapshot_id, category, country FROM questions) AS q
    CROSS JOIN internal.settings
    JOIN internal.country_scores AS s
        ON s.snapshot_id = q.snapshot_id AND s.category = 'overall' AND s.country = q.country AND s.is_eligible
    JOIN core.country_leaders AS t
        ON t.snapshot_id = q.snapshot_id AND t.category = q.category AND t.country = q.country
        AND t.listing = settings.listing AND t.country_rule = settings.country_rule
    JOIN core.first_listed AS f ON f.board = settings.spine_board AND f.model_id = s.model_id
),
candidates AS (
    SELECT q.*, e.model_name, e.model_id, e.score
    FROM questions AS q
    JOIN eligible AS e ON e.snapshot_id = q.snapshot_id AND e.category = q.category AND e.country = q.country
    WHERE CASE q.question
        WHEN 'top_model' THEN e.is_top
        WHEN 'near_top' THEN e.is_near_top
        ELSE e.score >= q.level AND e.first_listed_on <= last_day(q.month)
    END
),
answers AS (
    SELECT
        c.*,
        p.* EXCLUDE (month, model_id),
        -- Which candidate is the cheapest is unknown while none has a price.
        p.blended IS NOT NULL OR c.question = 'top_model' AS is_known,
        count(*) OVER asked_here AS candidates,
        count(p.blended) OVER asked_here AS priced_candidates,
        row_number() OVER (asked_here ORDER BY p.blended NULLS LAST, c.score DESC, c.model_name) AS place
    FROM candidates AS c
    LEFT JOIN internal.maker_prices AS p ON p.month = c.month AND p.model_id = c.model_id
    WINDOW asked_here AS (PARTITION BY c.question, c.level, c.month, c.country)
)
SELECT
    q.month,
    q.question,
    q.level,
    q.country,
    CASE WHEN a.is_known THEN a.model_name END AS model,
    CASE WHEN a.is_known THEN a.model_id END AS model_id,
    a.input_usd_per_mtok,
    a.output_usd_per_mtok,
    a.blended AS blended_usd_per_mtok,
    a.tier_up_to_tokens,
    CASE WHEN a.is_known THEN a.score END AS score,
    coalesce(a.price_status, 'missing') AS price_status,
    coalesce(a.candidates, 0)::INTEGER AS candidates,
    coalesce(a.priced_candidates, 0)::INTEGER AS priced_candidates,
    a.price_list_date,
    a.source_id,
    a.provider,
    a.listed_name,
    q.variant,
    q.snapshot_id
FROM questions AS q
LEFT JOIN answers AS a
    ON a.question = q.question AND a.level IS NOT DISTINCT FROM q.level AND a.month = q.month
    AND a.country = q.country AND a.place = 1
ORDER BY q.month, q.question, q.level NULLS FIRST, q.country
