-- One row: a country's best eligible model in one snapshot and category, under one listing and country rule.
-- The highest score among the models that count for the country under the rule and the listing; of equal scores
-- the name first in the alphabet, so that row order never decides. A scaffold around somebody's model is no model and
-- leads for nobody. A publication without standard errors takes
-- its leaders' errors from a copy of itself (errors_from of core.snapshot_categories), never from another publication.
-- Lists, models and claims are numbers, since every score is looked at; what leads becomes text again.
WITH claims AS (
    -- Models with the same claims under every rule are brought down to their best one first: rules times listings
    -- are then taken over a handful of rows, not over every score.
    SELECT
        *,
        dense_rank() OVER (ORDER BY claims) AS claim_set,
        dense_rank() OVER (ORDER BY model_id) AS model,
        -- Two names of one model in one list count once.
        model_id IN (
            SELECT model_id FROM core.model_names GROUP BY source_id, model_id HAVING count(DISTINCT model_name) > 1
        ) AS is_one_of_several
    FROM (
        SELECT model_id, valid_from, valid_to, list_sort(list(country_rule || '=' || country)) AS claims
        FROM core.model_countries
        GROUP BY ALL
    )
),
claimed AS (
    SELECT
        claim_set,
        split_part(claim, '=', 1) AS country_rule,
        split_part(claim, '=', 2) AS country,
        dense_rank() OVER (ORDER BY country_rule, country) AS claim
    FROM (SELECT DISTINCT claim_set, unnest(claims) AS claim FROM claims)
),
lists AS (
    SELECT
        k.snapshot_id,
        k.category,
        s.published_on,
        row_number() OVER (ORDER BY k.snapshot_id, k.category) AS list
    FROM core.snapshot_categories AS k
    JOIN core.snapshots AS s USING (snapshot_id)
    WHERE NOT k.is_ambiguous
),
eligible AS MATERIALIZED (
    SELECT
        -- Of one list, with one set of claims, as public as one another. Days are compared here, not where tables are
        -- joined: else every list would be joined to every name first.
        CASE
            WHEN l.published_on BETWEEN n.valid_from AND n.valid_to
                THEN (l.list << 20) + (n.claim_set << 2) + (c.is_public::INTEGER << 1) + c.is_known_public::INTEGER
        END AS alike,
        n.model,
        n.is_one_of_several,
        c.model_name,
        c.score,
        c.standard_error,
        c.basis
    FROM core.scores AS c
    JOIN lists AS l ON l.snapshot_id = c.snapshot_id AND l.category = c.category
    JOIN claims AS n ON n.model_id = c.model_id
    WHERE c.score IS NOT NULL AND c.basis <> 'scaffold' AND alike IS NOT NULL
),
tops AS MATERIALIZED (
    SELECT alike, max(score) AS score, count(*) AS names FROM eligible GROUP BY alike
),
repeats AS (
    SELECT alike, count(*) - count(DISTINCT model) AS names FROM eligible WHERE is_one_of_several GROUP BY alike
),
firsts AS (
    SELECT
        alike,
        e.score,
        min(e.model_name) AS model_name,
        arg_min(e.model, e.model_name) AS model,
        arg_min_null(e.standard_error, e.model_name) AS standard_error,
        arg_min(e.basis, e.model_name) AS basis,
        any_value(t.names) AS names
    FROM eligible AS e
    JOIN tops AS t USING (alike)
    WHERE e.score = t.score
    GROUP BY ALL
),
best_models AS (
    -- Numbers in the order in which models lead: the leader of any group of a list has the lowest.
    SELECT
        alike >> 20 AS list,
        (alike >> 2) & 262143 AS claim_set,
        (alike & 2) > 0 AS is_public,
        (alike & 1) > 0 AS is_known_public,
        f.score,
        f.model_name,
        f.model,
        f.standard_error,
        f.basis,
        f.names - coalesce(r.names, 0) AS eligible_models,
        row_number() OVER (ORDER BY alike >> 20, f.score DESC, f.model_name) AS place
    FROM firsts AS f
    LEFT JOIN repeats AS r USING (alike)
),
leaders AS (
    SELECT
        (b.list * 3 + l.number) * 65536 + c.claim AS leads,
        min(b.place) AS place,
        sum(b.eligible_models)::INTEGER AS eligible_models
    FROM best_models AS b
    JOIN claimed AS c USING (claim_set)
    JOIN (VALUES (0), (1), (2)) AS l(number)
        ON CASE l.number WHEN 0 THEN TRUE WHEN 1 THEN b.is_known_public ELSE b.is_public END
    GROUP BY ALL
    ORDER BY leads
)
SELECT
    i.snapshot_id,
    i.category,
    ['any', 'known_public', 'public'][1 + (l.leads >> 16) % 3] AS listing,
    c.country_rule,
    c.country,
    b.model_name,
    n.model_id,
    b.score,
    coalesce(b.standard_error, e.standard_error) AS standard_error,
    b.basis,
    l.eligible_models
FROM leaders AS l
JOIN best_models AS b USING (place)
JOIN lists AS i USING (list)
JOIN (SELECT DISTINCT model, model_id FROM claims) AS n USING (model)
JOIN (SELECT DISTINCT claim, country_rule, country FROM claimed) AS c ON c.claim = l.leads & 65535
LEFT JOIN internal.borrowed_errors AS e
    ON e.snapshot_id = i.snapshot_id AND e.category = i.category AND e.model_name = b.model_name
