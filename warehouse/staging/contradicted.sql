-- One row: a category of one snapshot that more sources of its day contradict than support.
-- Two snapshots of one board and day contradict each other when the leader of the better one has another score in
-- the other (by more than sources_agree_within), or when the other has a higher top. A source that does not list the
-- leader does not contradict it. With two sources there is no telling which one is right: both are left out. With
-- more, those that the others bear out stay.
WITH candidates AS (
    SELECT r.*, s.source_id
    FROM internal.ranked_snapshots AS r
    JOIN core.snapshots AS s USING (snapshot_id)
    WHERE NOT r.is_ambiguous
        AND NOT EXISTS (SELECT 1 FROM doubtful AS d WHERE d.snapshot_id = r.snapshot_id AND d.category = r.category)
    QUALIFY count(*) OVER (PARTITION BY r.board, r.variant, r.category, r.published_on, r.is_bounded) > 1
),
tops AS (
    SELECT c.*, l.country, l.model_id, l.model_name, l.score, settings.sources_agree_within AS within
    FROM candidates AS c
    JOIN core.country_leaders AS l ON l.snapshot_id = c.snapshot_id AND l.category = c.category
    JOIN internal.settings ON settings.listing = l.listing AND settings.country_rule = l.country_rule
    WHERE l.country IN (settings.country_a, settings.country_b)
),
-- Few of all: DuckDB holds what is joined as optional.
scores AS (
    SELECT snapshot_id, category, model_id, score
    FROM core.scores
    SEMI JOIN candidates USING (snapshot_id, category)
),
compared AS (
    SELECT
        a.category, a.country, a.snapshot_id, a.model_name, a.score, o.snapshot_id AS other_id, s.score AS other_score,
        o.model_name AS other_leader, o.score AS other_top,
        coalesce(abs(a.score - s.score) > a.within, FALSE) OR o.score - a.score > a.within AS contradicts,
        coalesce(abs(a.score - s.score) <= a.within, FALSE) AS supports
    FROM tops AS a
    JOIN tops AS o
        ON o.board = a.board AND o.variant = a.variant AND o.category = a.category AND o.published_on = a.published_on
        AND o.is_bounded = a.is_bounded AND o.country = a.country AND o.source_id <> a.source_id AND o.rank > a.rank
    LEFT JOIN scores AS s
        ON s.snapshot_id = o.snapshot_id AND s.category = a.category AND s.model_id = a.model_id
),
pairs AS (
    SELECT
        category, snapshot_id, other_id,
        bool_or(contradicts) AS contradicts,
        bool_or(supports) AND NOT bool_or(contradicts) AS supports,
        min(format(
            '{}: {} leads {} with {}, but in {} it {} and {} leads with {}',
            country, model_name, snapshot_id, round(score, 1), other_id,
            coalesce('scores ' || round(other_score, 1), 'is not listed'), other_leader, round(other_top, 1)
        )) FILTER (contradicts) AS message
    FROM compared
    GROUP BY ALL
),
sides AS (
    SELECT category, snapshot_id, contradicts, supports, message FROM pairs
    UNION ALL
    SELECT category, other_id, contradicts, supports, message FROM pairs
)
SELECT snapshot_id, category, min(message) AS message
FROM sides
GROUP BY snapshot_id, category
HAVING count_if(contradicts) > count_if(supports)
