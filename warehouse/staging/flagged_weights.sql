-- One row: variants of one model, and what the newest list of the capability index that flags their weights says.
-- The tracker prints is_open, Epoch's own list an accessibility that licence_spellings.csv has. Neither prints since
-- when, and both correct it later, so the newest stands for all time. Where variants have different flags there, none
-- does.
WITH index_boards AS (
    SELECT board FROM core.boards WHERE kind = 'index'
),
flags AS (
    SELECT
        coalesce(m.base_model, c.model_id) AS family,
        i.known_at::DATE AS known_on,
        i.source_id,
        coalesce(TRY_CAST(c.extra ->> 'is_open' AS BOOLEAN), l.is_open) AS is_open,
        l.licence_kind
    FROM staged_score AS c
    JOIN listing AS i ON i.key = c.key
    LEFT JOIN staged_model AS m ON m.model_id = c.model_id
    LEFT JOIN core.licence_spellings AS l ON l.spelling = c.extra ->> 'accessibility'
    WHERE c.model_id IS NOT NULL
        AND i.board IN (FROM index_boards)
        -- The same for files: those of other boards are not read.
        AND c.input_id IN (SELECT input_id FROM listing WHERE board IN (FROM index_boards))
)
SELECT
    family,
    known_on,
    source_id,
    CASE WHEN bool_and(is_open) = bool_or(is_open) THEN bool_and(is_open) END AS is_open,
    min(licence_kind) AS licence_kind
FROM flags
WHERE is_open IS NOT NULL
GROUP BY family, known_on, source_id
QUALIFY row_number() OVER (PARTITION BY family ORDER BY known_on DESC, source_id DESC) = 1
