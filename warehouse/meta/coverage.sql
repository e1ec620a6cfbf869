-- One row: a month of one board and variant, category overall.
-- Every month from the first that is held, or was withheld, to the newest. A month is observed when it has a gap and a
-- publication of the month is new: its figures stand under no earlier month. A page that is repeated unchanged, stamped
-- again, copied or read again without a newer one is no observation. reason says why a month is none. After the last publication of a board that is
-- known to have ended (core.board_ends) there is nothing to hold. A board stands still when it has not ended and
-- nothing is observed in the newest three months, in any variant.
WITH new_publications AS (
    SELECT
        board,
        variant,
        date_trunc('month', published_on)::DATE AS month,
        count(*) FILTER (date_trunc('month', new_on) = date_trunc('month', published_on)) AS new_publications
    FROM internal.new_figures
    GROUP BY ALL
),
printed_by AS (
    -- Copies too: whoever prints figures of the month is a source of it.
    SELECT
        s.board, s.variant,
        date_trunc('month', s.published_on)::DATE AS month,
        list(DISTINCT s.source_id ORDER BY s.source_id) AS sources
    FROM core.snapshots AS s
    JOIN core.snapshot_categories AS c ON c.snapshot_id = s.snapshot_id AND c.category = 'overall'
    GROUP BY s.board, s.variant, date_trunc('month', s.published_on)
),
read_again AS (
    -- What was known in the month printed a publication of an earlier one.
    SELECT DISTINCT s.board, s.variant, date_trunc('month', s.known_at)::DATE AS month
    FROM core.snapshots AS s
    JOIN core.snapshot_categories AS c ON c.snapshot_id = s.snapshot_id AND c.category = 'overall'
    WHERE s.published_on < date_trunc('month', s.known_at)
),
every_change AS (
    SELECT s.board, s.variant, max(o.every_change_until) AS until
    FROM core.snapshots AS s
    JOIN meta.sources AS o USING (source_id)
    GROUP BY s.board, s.variant
),
self_reported AS (
    SELECT board, variant, bool_and(o.basis = 'author_reported') AS is_self_reported
    FROM core.snapshots
    JOIN meta.sources AS o USING (source_id)
    GROUP BY board, variant
),
held AS (
    SELECT
        *,
        min(month) FILTER (status <> 'no_snapshot') OVER (PARTITION BY board, variant) AS first_month
    FROM main.monthly_gap
    WHERE category = 'overall'
),
months AS (
    SELECT
        h.board,
        h.variant,
        h.month,
        h.gap_points IS NOT NULL AND coalesce(n.new_publications, 0) > 0 AS is_observed,
        is_observed AND h.gap_low IS NOT NULL AS has_interval,
        h.status,
        CASE
            WHEN is_observed THEN NULL
            WHEN h.gap_points IS NOT NULL THEN 'repeated'
            WHEN h.status IN ('no_cn_model', 'no_us_model') THEN 'one_side_only'
            WHEN h.status <> 'no_snapshot' THEN h.status
            WHEN h.month > e.ended_on THEN 'board_ended'
            WHEN a.board IS NOT NULL THEN 'repeated'
            WHEN last_day(h.month) <= u.until THEN 'unchanged'
            ELSE 'nothing_held'
        END AS reason,
        coalesce(n.new_publications, 0)::INTEGER AS new_publications,
        h.source_id,
        coalesce(p.sources, []) AS sources,
        h.published_on,
        h.days_before_month_end,
        h.month_is_open,
        coalesce(r.is_self_reported, FALSE) AS is_self_reported,
        e.board IS NOT NULL AS has_ended
    FROM held AS h
    LEFT JOIN new_publications AS n USING (board, variant, month)
    LEFT JOIN printed_by AS p USING (board, variant, month)
    LEFT JOIN read_again AS a USING (board, variant, month)
    LEFT JOIN every_change AS u USING (board, variant)
    LEFT JOIN self_reported AS r USING (board, variant)
    LEFT JOIN core.board_ends AS e USING (board)
    WHERE h.month >= h.first_month
)
SELECT
    * EXCLUDE (has_ended),
    NOT has_ended
        AND bool_or(is_observed) OVER of_board
        AND NOT bool_or(is_observed AND month > (SELECT max(month) FROM held) - INTERVAL 3 MONTHS) OVER of_board AS board_stands_still
FROM months
WINDOW of_board AS (PARTITION BY board)
ORDER BY board, variant, month
