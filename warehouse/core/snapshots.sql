-- One row: one publication of one board and variant by one source, in one set of bytes.
-- published_on is the printed day; where none is printed, the day of the snapshot that this one is a copy of; else
-- the day of the fetch or commit. A copy agrees on same_share of the shared models (at least ten, or all there are)
-- within same_within points beyond its rounding, and lists no model first seen after that day. A day that is the label
-- of a table which upstream goes on filling is none. same_as names the snapshot whose figures this one repeats. All
-- this is found in warehouse/compute/publication_dates.py.
-- A listing is truncated when its source is known to have cut the board that day, or has less than whole_share of the
-- models of the largest whole listing of its board and variant up to that day, efforts of one model counted once. The
-- anchor is that of anchors.csv on the day: the line of the source before that of the variant before that of the board.
WITH identified AS (
    SELECT
        l.*,
        d.published_on,
        d.date_basis,
        d.same_as AS same_key,
        format('{}/{}/{}/{}/{}', l.source_id, l.board, l.variant, coalesce(l.printed_on, l.known_at::DATE), l.sha256[:12]) AS snapshot_id
    FROM listing AS l
    JOIN dated AS d USING (key)
),
measured AS (
    SELECT
        i.*,
        s.precision,
        s.distance,
        b.base_models,
        max(b.base_models) FILTER (i.declared_coverage = 'whole') OVER (
            PARTITION BY i.board, i.variant
            ORDER BY i.published_on
            RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS largest
    FROM identified AS i
    JOIN listed_models AS b USING (key)
    JOIN staged_source AS s USING (source_id)
)
SELECT
    m.snapshot_id,
    m.source_id,
    m.board,
    m.variant,
    m.published_on,
    m.date_basis,
    m.printed_on,
    m.known_at,
    same.snapshot_id AS same_as,
    CASE
        WHEN m.declared_coverage <> 'whole' THEN m.declared_coverage
        WHEN m.base_models < m.largest * (SELECT whole_share FROM internal.settings) THEN 'truncated'
        ELSE 'whole'
    END AS coverage,
    m.precision,
    m.distance,
    coalesce(a.anchor, m.board) AS anchor,
    coalesce(a.is_standard, TRUE) AS anchor_is_standard,
    m.models::INTEGER AS models,
    m.categories::INTEGER AS categories,
    (SELECT sum(c.rows) FROM listed_name AS c WHERE c.key = m.key)::INTEGER AS rows,
    m.input_id
FROM measured AS m
LEFT JOIN identified AS same ON same.key = m.same_key
LEFT JOIN staged_anchor AS a
    ON a.board = m.board
    AND coalesce(a.variant, m.variant) = m.variant
    AND coalesce(a.source_id, m.source_id) = m.source_id
    AND m.published_on BETWEEN a.valid_from AND a.valid_to
QUALIFY row_number() OVER (PARTITION BY m.key ORDER BY a.source_id IS NULL, a.variant IS NULL) = 1
ORDER BY m.snapshot_id
