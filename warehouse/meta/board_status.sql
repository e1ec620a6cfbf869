-- One row: a board and variant.
-- What is new when, by the board's own rhythm, category overall. The rhythm are the days that nine in ten of its newest
-- twelve intervals between days with new figures did not exceed, at least seven; with fewer than four intervals it has
-- none. New figures are expected a rhythm after the newest, and overdue after two: of the intervals in the shipped
-- history, each judged by those before it, one in thirty was longer. Nothing is expected of a board that has ended or
-- was replaced (core.board_ends), or of which every source has ended. No clock is read: what is overdue is for the reader to
-- say.
WITH days AS (
    SELECT DISTINCT board, variant, new_on FROM internal.new_figures
),
intervals AS (
    SELECT
        *,
        new_on - lag(new_on) OVER in_order AS days,
        row_number() OVER (PARTITION BY board, variant ORDER BY new_on DESC) AS place
    FROM days
    WINDOW in_order AS (PARTITION BY board, variant ORDER BY new_on)
),
rhythms AS (
    SELECT
        board,
        variant,
        count(*) AS publications,
        max(new_on) AS last_published_on,
        CASE
            WHEN count(days) >= 4
            THEN greatest(7, ceil(quantile_cont(days, 0.9) FILTER (place <= 12)))::INTEGER
        END AS rhythm_days
    FROM intervals
    GROUP BY board, variant
),
sources AS (
    SELECT board, variant, list(DISTINCT source_id ORDER BY source_id) AS source_ids
    FROM core.snapshots
    JOIN staged_source USING (source_id)
    WHERE cadence IS NOT NULL
    GROUP BY board, variant
),
judged AS (
    SELECT
        r.*,
        coalesce(s.source_ids, []) AS source_ids,
        CASE
            WHEN e.board IS NOT NULL THEN 'ended'
            WHEN s.source_ids IS NULL THEN 'no_live_source'
            WHEN r.rhythm_days IS NULL THEN 'too_few'
            ELSE 'expected'
        END AS state
    FROM rhythms AS r
    LEFT JOIN core.board_ends AS e USING (board)
    LEFT JOIN sources AS s USING (board, variant)
)
SELECT
    board,
    variant,
    publications,
    last_published_on,
    rhythm_days,
    state,
    CASE WHEN state = 'expected' THEN last_published_on + rhythm_days END AS expected_on,
    CASE WHEN state = 'expected' THEN last_published_on + 2 * rhythm_days END AS overdue_after,
    source_ids
FROM judged
ORDER BY board, variant
