-- One row: a model in one category of one listing, identical repeats collapsed.
-- Rows that differ under one key keep their occurrence number; they set the name aside. Nearly every key
-- stands once: keys that may stand twice are found by a hash first, so that only their few rows are compared
-- column by column.
WITH collapsed AS (
    SELECT
        key,
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
    WHERE fingerprint IN (SELECT fingerprint FROM repeated)
    GROUP BY key, category, model_name, score, score_low, score_high, standard_error, votes
),
numbered AS (
    SELECT
        *,
        row_number() OVER (
            name ORDER BY score DESC NULLS LAST, votes DESC NULLS LAST, score_low, score_high, standard_error
        ) AS occurrence,
        count(*) OVER name AS occurrences
    FROM collapsed
    WINDOW name AS (PARTITION BY key, category, model_name)
),
every_score AS (
    SELECT * FROM numbered
    UNION ALL BY NAME
    SELECT * EXCLUDE (fingerprint), 1 AS occurrence, 1 AS occurrences
    FROM read_score
    WHERE fingerprint NOT IN (SELECT fingerprint FROM repeated)
)
SELECT * FROM every_score
