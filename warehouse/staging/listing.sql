-- One row: one publication as it came: a board and variant in one set of bytes.
SELECT
    row_number() OVER (ORDER BY input_id, board, variant, printed_on) AS key,
    *
FROM (
    SELECT
        o.input_id,
        i.source_id,
        o.board,
        o.variant,
        o.published_on AS printed_on,
        any_value(i.known_at) AS known_at,
        any_value(i.sha256) AS sha256,
        count(DISTINCT o.model_name) AS models,
        count(DISTINCT o.category) AS categories
    FROM parsed_observation AS o
    JOIN meta.inputs AS i USING (input_id)
    GROUP BY ALL
)
