-- One row: a country's best eligible model in one snapshot and category, under one listing and country rule.
-- The highest score among the models that count for the country under the rule and the listing; of equal scores
-- the name first in the alphabet, so that row order never decides. A scaffold around somebody's model is no model and
-- leads for nobody. A publication without standard errors takes
-- its leaders' errors from a copy of itself (errors_from of core.snapshot_categories), never from another publication.
WITH claims AS (
    -- Models with the same claims under every rule are brought down to their best one first: rules times listings
    -- are then taken over a handful of rows, not over every score.
    SELECT *, dense_rank() OVER (ORDER BY claims) AS claim_set
    FROM (
        SELECT model_id, valid_from, valid_to, list_sort(list(country_rule || '=' || country)) AS claims
        FROM core.model_countries
        GROUP BY ALL
    )
),
best_of_set AS (
    SELECT
        c.snapshot_id,
        c.category,
        m.claim_set,
        c.is_public,
        c.is_known_public,
        min_by(c.model_name, (-c.score, c.model_name)) AS model_name,
        min_by(c.model_id, (-c.score, c.model_name)) AS model_id,
        arg_min_null(c.standard_error, (-c.score, c.model_name)) AS standard_error,
        arg_min(c.basis, (-c.score, c.model_name)) AS basis,
        max(c.score) AS score,
        count(DISTINCT c.model_id) AS eligible_models
    FROM core.scores AS c
    JOIN core.snapshots AS s USING (snapshot_id)
    JOIN claims AS m ON m.model_id = c.model_id AND s.published_on BETWEEN m.valid_from AND m.valid_to
    WHERE c.score IS NOT NULL AND NOT c.is_ambiguous AND c.basis <> 'scaffold'
    GROUP BY ALL
),
best_models AS (
    -- Numbers in the order in which models lead: the leader of any group of a category has the lowest.
    SELECT
        *,
        row_number() OVER (ORDER BY snapshot_id, category, score DESC, model_name) AS place,
        dense_rank() OVER (ORDER BY snapshot_id, category) AS list_place
    FROM best_of_set
),
leaders AS (
    SELECT
        b.list_place,
        l.listing,
        c.country_rule,
        c.country,
        min(b.place) AS place,
        sum(b.eligible_models)::INTEGER AS eligible_models
    FROM best_models AS b
    JOIN (
        SELECT claim_set, split_part(claim, '=', 1) AS country_rule, split_part(claim, '=', 2) AS country
        FROM (SELECT DISTINCT claim_set, unnest(claims) AS claim FROM claims)
    ) AS c USING (claim_set)
    JOIN (VALUES ('any'), ('public'), ('known_public')) AS l(listing)
        ON CASE l.listing WHEN 'any' THEN TRUE WHEN 'public' THEN b.is_public ELSE b.is_known_public END
    GROUP BY ALL
)
SELECT
    b.snapshot_id,
    b.category,
    l.listing,
    l.country_rule,
    l.country,
    b.model_name,
    b.model_id,
    b.score,
    coalesce(b.standard_error, e.standard_error) AS standard_error,
    b.basis,
    l.eligible_models
FROM leaders AS l
JOIN best_models AS b USING (place)
LEFT JOIN internal.borrowed_errors AS e
    ON e.snapshot_id = b.snapshot_id AND e.category = b.category AND e.model_name = b.model_name
ORDER BY b.list_place, l.listing, l.country_rule, l.country
