-- One row: who is first in one publication of a board, in one scope and at one level.
-- The last publication of each day (core.publications) in the category overall. Scope: the world, or one country of
-- the compared pair; level: country (of the world only), organization or model. First is the highest score. Equal
-- scores leave the holder where it is: whoever is first stays first as long as no one scores more; at the beginning, and
-- when the holder falls behind others that are equal, the first is that of the model whose name comes first. There is
-- no row where it is not known who is first: where a rank above the leader is missing, or, for a country, where a
-- model of which nothing is known stands as high. Nor is there one where the highest score is 0: nobody is first on an
-- exam on which nobody has a point.

-- Publications, scopes, levels, holders and series (a board, variant, scope and level) have numbers, which are quicker to
-- sort and compare than texts.
WITH RECURSIVE publications AS (
    SELECT
        snapshot_id,
        board,
        variant,
        published_on,
        row_number() OVER (ORDER BY board, variant, published_on)::INTEGER AS publication,
        dense_rank() OVER (ORDER BY board, variant)::INTEGER AS board_variant
    FROM core.publications
    WHERE category = 'overall' AND is_last_of_day AND NOT is_ambiguous
),
listed AS MATERIALIZED (
    SELECT
        p.publication, l.model_name, l.model_id, l.score, l.country, l.organization, l.model, l.unlisted_at_most, l.is_proved
    FROM publications AS p
    JOIN internal.listed_overall AS l ON l.snapshot_id = p.snapshot_id
),
tops AS (
    SELECT
        l.publication,
        max(l.score) AS world,
        max(l.score) FILTER (l.country = s.country_a) AS a,
        max(l.score) FILTER (l.country = s.country_b) AS b,
        max(l.score) FILTER (l.country = 'unresolved') AS unresolved
    FROM listed AS l
    CROSS JOIN internal.settings AS s
    GROUP BY l.publication
),
scopes AS (
    SELECT publication, 'world' AS scope, 0 AS scope_number, world AS score FROM tops
    UNION ALL
    SELECT t.publication, s.country_a, 1, t.a
    FROM tops AS t
    CROSS JOIN internal.settings AS s
    WHERE t.a > coalesce(t.unresolved, '-infinity'::DOUBLE)
    UNION ALL
    SELECT t.publication, s.country_b, 2, t.b
    FROM tops AS t
    CROSS JOIN internal.settings AS s
    WHERE t.b > coalesce(t.unresolved, '-infinity'::DOUBLE)
),
first_rows AS MATERIALIZED (
    SELECT
        t.scope,
        t.scope_number,
        l.*,
        row_number() OVER (PARTITION BY l.publication, t.scope_number ORDER BY l.model_name, l.country)::INTEGER AS place
    FROM listed AS l
    JOIN scopes AS t ON t.publication = l.publication AND t.score = l.score AND t.scope IN ('world', l.country)
    WHERE l.is_proved AND l.score <> 0
),
-- The best of all that are not with the first row.
seconds AS (
    SELECT
        f.publication,
        f.scope_number,
        max(l.score) FILTER (l.country <> f.country) AS country,
        max(l.score) FILTER (l.organization <> f.organization) AS organization,
        max(l.score) FILTER (l.model <> f.model) AS model
    FROM listed AS l
    JOIN first_rows AS f ON f.publication = l.publication AND f.scope IN ('world', l.country)
    WHERE f.place = 1
    GROUP BY ALL
),
levels AS (
    SELECT publication, scope_number, 0 AS level_number, country AS holder, place FROM first_rows WHERE scope = 'world'
    UNION ALL
    SELECT publication, scope_number, 1, organization, place FROM first_rows
    UNION ALL
    SELECT publication, scope_number, 2, model, place FROM first_rows
),
holders AS (
    SELECT holder, row_number() OVER ()::INTEGER AS holder_number FROM (SELECT DISTINCT holder FROM levels)
),
-- place is that of the first of the holder's rows.
highest AS (
    SELECT
        (p.board_variant << 4) + (l.scope_number << 2) + l.level_number AS series,
        l.publication,
        l.scope_number,
        l.level_number,
        h.holder_number,
        min(l.place) AS place
    FROM levels AS l
    JOIN holders AS h USING (holder)
    JOIN publications AS p USING (publication)
    GROUP BY ALL
),
-- n counts on from one series to the next.
numbered AS (
    SELECT *, dense_rank() OVER (ORDER BY series, publication) AS n FROM highest
),
-- How long each of the highest stays among the highest.
islands AS (
    SELECT *, n - row_number() OVER (PARTITION BY series, holder_number ORDER BY n) AS island FROM numbered
),
stays AS MATERIALIZED (
    SELECT *, max(n) OVER (PARTITION BY series, holder_number, island) AS last_n FROM islands
),
reigns AS (
    SELECT series, holder_number, n, last_n, 1 AS reign
    FROM stays
    WHERE place = 1 AND n IN (SELECT min(n) FROM stays GROUP BY series)
    UNION ALL
    SELECT s.series, s.holder_number, s.n, s.last_n, r.reign + 1
    FROM reigns AS r
    JOIN stays AS s ON s.series = r.series AND s.n = r.last_n + 1 AND s.place = 1
),
leaders AS (
    SELECT s.publication, s.scope_number, s.level_number, s.place, r.reign
    FROM reigns AS r
    JOIN stays AS s ON s.series = r.series AND s.holder_number = r.holder_number AND s.n BETWEEN r.n AND r.last_n
),
named AS (
    SELECT
        p.board,
        p.variant,
        p.published_on,
        p.snapshot_id,
        f.scope,
        f.model_name,
        f.model_id,
        f.score,
        f.unlisted_at_most,
        CASE l.level_number WHEN 0 THEN 'country' WHEN 1 THEN 'organization' ELSE 'model' END AS level,
        CASE l.level_number WHEN 0 THEN f.country WHEN 1 THEN f.organization ELSE f.model END AS holder,
        CASE l.level_number WHEN 0 THEN o.country WHEN 1 THEN o.organization ELSE o.model END AS second_score,
        l.reign
    FROM leaders AS l
    JOIN first_rows AS f ON f.publication = l.publication AND f.scope_number = l.scope_number AND f.place = l.place
    JOIN seconds AS o ON o.publication = l.publication AND o.scope_number = l.scope_number
    JOIN publications AS p ON p.publication = l.publication
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
    s.reign,
    s.snapshot_id
FROM named AS s
LEFT JOIN (SELECT organization_id, max_by(name, valid_to) AS name FROM core.organizations GROUP BY ALL) AS o
    ON o.organization_id = s.holder AND s.level = 'organization'
ORDER BY s.board, s.variant, s.scope, s.level, s.published_on
