-- One row: a score of a repeated name, identical repeats collapsed.
-- Rows that differ under one key have an occurrence number each.
WITH collapsed AS (
    SELECT
        key,
        input_id,
        -- The numbers are in the order of model_id, so this is the number of the first.
        min(name) AS name,
        category,
        model_name,
        min(model_id) AS model_id,
        min(organization_name) AS organization_name,
        min(license_name) AS license_name,
        score,
        score_low,
        score_high,
        standard_error,
        votes,
        min(rank) AS rank,
        min(released_on) AS released_on,
        min(extra) AS extra
    FROM read_score
    WHERE is_repeated
    GROUP BY key, input_id, category, model_name, score, score_low, score_high, standard_error, votes
)
SELECT
    *,
    row_number() OVER (
        name ORDER BY score DESC NULLS LAST, votes DESC NULLS LAST, score_low, score_high, standard_error
    ) AS occurrence,
    count(*) OVER name AS occurrences
FROM collapsed
WINDOW name AS (PARTITION BY key, category, model_name)
