-- One row: a board, a variant and the day that is printed with it, in one set of bytes.
-- How many models and categories are listed under them.
SELECT
    input_id,
    board,
    variant,
    published_on AS printed_on,
    count(DISTINCT model_name) AS models,
    count(DISTINCT category) AS categories
FROM parsed_observation
GROUP BY ALL
