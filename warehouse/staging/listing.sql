-- One row: one publication as it came: a board and variant in one set of bytes.
-- printed_on is the day in the bytes. stamped_on is null where that is no day of publication: the label of a table
-- which upstream goes on filling, or a day after the bytes were known (one day of grace for time zones). Such a listing
-- is dated by when its bytes were known. declared_coverage is that of the source, but truncated at times in
-- which the source is known to have cut the board.
SELECT
    row_number() OVER (ORDER BY o.input_id, o.board, o.variant, o.printed_on) AS key,
    o.input_id,
    i.source_id,
    o.board,
    o.variant,
    o.printed_on,
    CASE WHEN NOT s.fills_up AND o.printed_on <= i.known_at::DATE + 1 THEN o.printed_on END AS stamped_on,
    i.known_at,
    i.sha256,
    CASE
        WHEN list_bool_or([i.known_at::DATE BETWEEN days[1] AND days[2] FOR days IN (s.cut -> o.board)::DATE[][]])
            THEN 'truncated'
        ELSE s.coverage
    END AS declared_coverage,
    o.models,
    o.categories
FROM printed_listing AS o
JOIN meta.inputs AS i USING (input_id)
JOIN staged_source AS s USING (source_id)
