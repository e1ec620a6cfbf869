-- One row: who is first in one publication of a board, in one scope and at one level.
-- The last publication of each day (core.publications) in the category overall. Scope: the world, or one country of
-- the compared pair; level: country (of the world only), organization or model. First is the highest score. Equal
-- scores leave the holder where it is: whoever is first stays first as long as no one scores more; at the beginning, and
-- when the holder falls behind others that are equal, the first is that of the model whose name comes first. There is
-- no row where it is not known who is first: where a rank above the leader is missing, or, for a country, where a
-- model of which nothing is known stands as high. Nor is there one where the highest score is 0: nobody is first on an
-- exam on which nobody has a point.
WITH RECURSIVE scopes AS (
    SELECT unnest(['world', country_a, country_b]) AS scope FROM internal.settings
),
listed AS (
    SELECT p.board, p.variant, p.published_on, s.scope, l.*
    FROM core.publications AS p
    JOIN internal.listed_overall AS l ON l.snapshot_id = p.snapshot_id
    JOIN scopes AS s ON s.scope IN ('world', l.country)
    WHERE p.category = 'overall' AND p.is_last_of_day AND NOT p.is_ambiguous
),
tops AS (
    SELECT snapshot_id, scope, max(score) AS score FROM listed GROUP BY ALL
),
first_rows AS (
    SELECT l.*, row_number() OVER (PARTITION BY l.snapshot_id, l.scope ORDER BY l.model_name, l.country) AS place
    FROM listed AS l
    JOIN tops AS t ON t.snapshot_id = l.snapshot_id AND t.scope = l.scope AND t.score = l.score
),
-- The best of all that are not with the first row.
seconds AS (
    SELECT
        l.snapshot_id,
        l.scope,
        max(l.score) FILTER (l.country <> f.country) AS country,
        max(l.score) FILTER (l.organization <> f.organization) AS organization,
        max(l.score) FILTER (l.model <> f.model) AS model
    FROM listed AS l
    JOIN first_rows AS f ON f.snapshot_id = l.snapshot_id AND f.scope = l.scope AND f.place = 1
    GROUP BY ALL
),
unresolved AS (
    SELECT snapshot_id, max(score) AS score FROM listed WHERE scope = 'world' AND country = 'unresolved' GROUP BY ALL
),
highest AS (
    SELECT
        l.board, l.variant, l.scope, v.level, l.published_on, l.snapshot_id, l.model_name, l.model_id, l.score, l.place,
        CASE v.level WHEN 'country' THEN l.country WHEN 'organization' THEN l.organization ELSE l.model END AS holder,
        CASE v.level WHEN 'country' THEN o.country WHEN 'organization' THEN o.organization ELSE o.model END AS second_score,
        l.unlisted_at_most,
        dense_rank() OVER (PARTITION BY l.board, l.variant, l.scope, v.level ORDER BY l.published_on) AS n
    FROM first_rows AS l
    JOIN seconds AS o ON o.snapshot_id = l.snapshot_id AND o.scope = l.scope
    LEFT JOIN unresolved AS u ON u.snapshot_id = l.snapshot_id
    JOIN (VALUES ('country'), ('organization'), ('model')) AS v(level) ON l.scope = 'world' OR v.level <> 'country'
    WHERE l.is_proved AND l.score <> 0 AND (l.scope = 'world' OR l.score > coalesce(u.score, '-infinity'::DOUBLE))
    QUALIFY row_number() OVER (PARTITION BY l.snapshot_id, l.scope, v.level, holder ORDER BY l.place) = 1
),
-- How long each of the highest stays among the highest.
islands AS (
    SELECT *, n - row_number() OVER (PARTITION BY board, variant, scope, level, holder ORDER BY n) AS island
    FROM highest
),
stays AS (
    SELECT
        *,
        max(n) OVER (PARTITION BY board, variant, scope, level, holder, island) AS last_n,
        row_number() OVER (PARTITION BY board, variant, scope, level, n ORDER BY place) = 1 AS is_first_by_name
    FROM islands
),
reigns AS (
    SELECT board, variant, scope, level, holder, n, last_n, 1 AS reign
    FROM stays
    WHERE n = 1 AND is_first_by_name
    UNION ALL
    SELECT s.board, s.variant, s.scope, s.level, s.holder, s.n, s.last_n, r.reign + 1
    FROM reigns AS r
    JOIN stays AS s
        ON s.board = r.board AND s.variant = r.variant AND s.scope = r.scope AND s.level = r.level
        AND s.n = r.last_n + 1 AND s.is_first_by_name
)
SELECT
    s.board,
    s.variant,
    s.scope,
    s.level,
    s.published_on,
    s.holder,
    CASE
        WHEN s.holder IN ('joint', 'no_country', 'unresolved') THEN NULL
        WHEN s.level = 'organization' THEN o.name
        WHEN s.level = 'model' THEN s.model_name
        ELSE s.holder
    END AS holder_name,
    s.model_name,
    s.model_id,
    s.score,
    CASE WHEN s.second_score >= coalesce(s.unlisted_at_most, '-infinity'::DOUBLE) THEN s.score - s.second_score END AS margin,
    coalesce(s.score > s.second_score, TRUE) AND coalesce(s.score > s.unlisted_at_most, TRUE) AS stands_alone,
    r.reign,
    s.snapshot_id
FROM reigns AS r
JOIN stays AS s
    ON s.board = r.board AND s.variant = r.variant AND s.scope = r.scope AND s.level = r.level AND s.holder = r.holder
    AND s.n BETWEEN r.n AND r.last_n
LEFT JOIN (SELECT organization_id, max_by(name, valid_to) AS name FROM core.organizations GROUP BY ALL) AS o
    ON o.organization_id = s.holder AND s.level = 'organization'
ORDER BY s.board, s.variant, s.scope, s.level, s.published_on
