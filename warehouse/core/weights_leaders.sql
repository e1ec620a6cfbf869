-- One row: a class of models in a publication of an arena board or an index, in one category.
-- The best model of the class by the state of its weights on the day of the publication (core.model_weights), its maker's
-- country under the country rule, and the listing. Of equal scores the name first in the alphabet. A class that a model
-- could lead of which the weights, the country or the score are not known (unknown, unresolved, printed twice with
-- different scores) is withheld: it has no leader. Of a list that is cut, at_most is the highest score its leader can
-- have where a row that is not listed could lead. A publication without errors takes them from a copy of itself.
WITH lists AS MATERIALIZED (
    SELECT
        p.snapshot_id,
        p.category,
        p.published_on,
        p.is_ambiguous,
        s.coverage,
        k.highest_unlisted,
        row_number() OVER (ORDER BY p.snapshot_id, p.category) AS place
    FROM core.publications AS p
    JOIN core.snapshots AS s USING (snapshot_id)
    JOIN core.boards AS b ON b.board = p.board AND (starts_with(b.board, 'arena_') OR b.kind = 'index')
    JOIN core.snapshot_categories AS k ON k.snapshot_id = p.snapshot_id AND k.category = p.category
),
listed AS (
    SELECT
        p.place,
        p.published_on,
        c.model_name,
        c.model_id,
        c.license_name,
        c.score IS NOT NULL AND c.model_id IS NOT NULL AS is_known,
        coalesce(c.score, d.score) AS score,
        c.standard_error
    FROM lists AS p
    CROSS JOIN internal.settings
    JOIN core.scores AS c ON c.snapshot_id = p.snapshot_id AND c.category = p.category
    LEFT JOIN (
        SELECT snapshot_id, category, model_name, max(score) AS score FROM core.ambiguous_rows GROUP BY ALL
    ) AS d ON d.snapshot_id = c.snapshot_id AND d.category = c.category AND d.model_name = c.model_name
    WHERE NOT p.is_ambiguous AND coalesce(c.score, d.score) IS NOT NULL
        AND CASE settings.listing WHEN 'any' THEN TRUE WHEN 'public' THEN c.is_public ELSE c.is_known_public END
),
-- Models of which it is known that they lead for no country: joint ones, and those of dispersed projects.
of_no_country AS (
    SELECT m.model_id
    FROM core.models AS m
    LEFT JOIN core.organizations AS o ON o.organization_id = m.organization_id AND o.hq_country IS NULL AND o.note IS NOT NULL
    WHERE m.is_joint OR o.organization_id IS NOT NULL
),
countries AS (
    FROM core.model_countries WHERE country_rule = (SELECT country_rule FROM internal.settings)
),
models AS (
    SELECT
        l.place,
        l.model_name,
        l.model_id,
        l.score,
        l.standard_error,
        l.is_known,
        m.country,
        m.country IS NULL AND n.model_id IS NULL AS is_anyones,
        coalesce(w.weights, CASE WHEN s.is_open THEN 'open' WHEN NOT s.is_open THEN 'closed' END, 'unknown') AS weights
    FROM listed AS l
    LEFT JOIN core.model_weights AS w ON w.model_id = l.model_id AND l.published_on BETWEEN w.valid_from AND w.valid_to
    LEFT JOIN core.licence_spellings AS s ON l.model_id IS NULL AND s.spelling = l.license_name
    LEFT JOIN countries AS m ON m.model_id = l.model_id AND l.published_on BETWEEN m.valid_from AND m.valid_to
    LEFT JOIN of_no_country AS n ON n.model_id = l.model_id
),
classes AS (
    SELECT v.class, CASE v.side WHEN 'a' THEN settings.country_a WHEN 'b' THEN settings.country_b END AS country, v.weights
    FROM internal.settings
    CROSS JOIN (VALUES
        ('us_open', 'a', 'open'),
        ('cn_open', 'b', 'open'),
        ('us_closed', 'a', 'closed'),
        ('cn', 'b', NULL),
        ('world_open', NULL, 'open'),
        ('world_closed', NULL, 'closed')
    ) AS v(class, side, weights)
),
-- The highest scores of models that are alike in all that counts, in each class that they are in (is_member) or may be.
candidates AS (
    SELECT
        b.place,
        c.class,
        b.score,
        (c.country IS NULL OR b.country = c.country) AND (c.weights IS NULL OR b.weights = c.weights) AND b.is_known
            AS is_member
    FROM (
        SELECT place, country, is_anyones, weights, is_known, max(score) AS score FROM models GROUP BY ALL
    ) AS b
    JOIN classes AS c
        ON (c.country IS NULL OR b.country = c.country OR b.is_anyones)
        AND (c.weights IS NULL OR b.weights IN (c.weights, 'unknown'))
),
highest AS (
    SELECT
        place,
        class,
        max(score) FILTER (is_member) AS score,
        max(score) FILTER (NOT is_member) AS highest_doubtful
    FROM candidates
    GROUP BY ALL
),
leaders AS (
    SELECT
        h.place,
        h.class,
        min(m.model_name) AS model_name,
        arg_min(m.model_id, m.model_name) AS model_id,
        arg_min_null(m.country, m.model_name) AS country,
        arg_min_null(m.standard_error, m.model_name) AS standard_error
    FROM highest AS h
    JOIN classes AS c USING (class)
    JOIN models AS m ON m.place = h.place AND m.score = h.score AND m.is_known
    WHERE (c.country IS NULL OR m.country = c.country) AND (c.weights IS NULL OR m.weights = c.weights)
    GROUP BY ALL
),
states AS (
    SELECT
        p.snapshot_id,
        p.category,
        c.class,
        CASE
            WHEN p.is_ambiguous THEN 'ambiguous'
            WHEN h.highest_doubtful >= coalesce(h.score, '-infinity'::DOUBLE) THEN 'withheld'
            WHEN h.score IS NOT NULL THEN 'listed'
            WHEN p.coverage <> 'whole' THEN 'unlisted'
            ELSE 'none'
        END AS class_status,
        h.score,
        l.model_name,
        l.model_id,
        l.country,
        l.standard_error,
        p.coverage,
        p.highest_unlisted
    FROM lists AS p
    CROSS JOIN classes AS c
    LEFT JOIN highest AS h ON h.place = p.place AND h.class = c.class
    LEFT JOIN leaders AS l ON l.place = p.place AND l.class = c.class
)
SELECT
    s.snapshot_id,
    s.category,
    s.class,
    s.class_status,
    CASE WHEN s.class_status = 'listed' THEN s.model_name END AS model_name,
    CASE WHEN s.class_status = 'listed' THEN s.model_id END AS model_id,
    CASE WHEN s.class_status = 'listed' THEN s.country END AS country,
    CASE WHEN s.class_status = 'listed' THEN s.score END AS score,
    CASE WHEN s.class_status = 'listed' THEN coalesce(s.standard_error, e.standard_error) END AS standard_error,
    s.coverage = 'whole' OR coalesce(s.score >= s.highest_unlisted, FALSE) AS is_proved,
    CASE WHEN s.class_status IN ('listed', 'unlisted') AND NOT is_proved THEN s.highest_unlisted END AS at_most
FROM states AS s
LEFT JOIN internal.borrowed_errors AS e
    ON e.snapshot_id = s.snapshot_id AND e.category = s.category AND e.model_name = s.model_name
ORDER BY s.snapshot_id, s.category, s.class
