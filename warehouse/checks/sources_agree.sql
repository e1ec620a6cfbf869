-- severity: block
-- about: core.publications
-- why: sources of the same board and day must agree on the leading models and their scores
-- Compares the chosen snapshot with the other snapshots of its day: the score of its leader there, and a higher top
-- there. A source that does not list the leader does not contradict it.
WITH leaders AS (
    SELECT
        p.board, p.variant, p.category, p.published_on, s.source_id, s.date_basis = 'not_after' AS is_bounded,
        p.snapshot_id, l.listing, l.country_rule, l.country, l.model_id, l.model_name, l.score,
        settings.sources_agree_within AS within
    FROM core.publications AS p
    JOIN core.snapshots AS s USING (snapshot_id)
    JOIN core.country_leaders AS l ON l.snapshot_id = p.snapshot_id AND l.category = p.category
    JOIN internal.settings ON settings.listing = l.listing AND settings.country_rule = l.country_rule
    WHERE l.country IN (settings.country_a, settings.country_b)
),
others AS (
    SELECT leaders.*, o.snapshot_id AS other_snapshot_id, c.score AS other_score, ol.score AS other_top, ol.model_name AS other_leader
    FROM leaders
    JOIN core.snapshots AS o
        ON o.board = leaders.board AND o.variant = leaders.variant AND o.published_on = leaders.published_on
        AND (o.date_basis = 'not_after') = leaders.is_bounded AND o.source_id <> leaders.source_id
    JOIN core.country_leaders AS ol
        ON ol.snapshot_id = o.snapshot_id AND ol.category = leaders.category AND ol.country = leaders.country
        AND ol.listing = leaders.listing AND ol.country_rule = leaders.country_rule
    LEFT JOIN core.scores AS c
        ON c.snapshot_id = o.snapshot_id AND c.category = leaders.category AND c.model_id = leaders.model_id
)
SELECT
    format(
        '{} {}: {} leads {} with {}, but in {} it {} and {} leads with {}',
        country, category, model_name, snapshot_id, round(score, 1), other_snapshot_id,
        coalesce('scores ' || round(other_score, 1), 'is not listed'), other_leader, round(other_top, 1)
    ) AS message,
    *
FROM others
WHERE abs(score - other_score) > within OR other_top - score > within
ORDER BY published_on DESC, snapshot_id, other_snapshot_id
