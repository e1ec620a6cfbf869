-- One row: a printed name and organization that the reference tables do not know by name.
-- Printed names that models.csv does not hold, with the best place they ever stood at. A name of which nothing
-- is known stops the release when its score reaches the lower of the two compared countries' tops in some
-- snapshot and category, or when one of the two has no model there.
WITH thresholds AS (
    SELECT snapshot_id, category, CASE WHEN count(*) = 2 THEN min(score) END AS lowest_top
    FROM core.country_leaders
    JOIN internal.settings USING (listing, country_rule)
    WHERE country IN (country_a, country_b)
    GROUP BY ALL
),
ranked_scores AS (
    SELECT
        s.source_id,
        s.published_on,
        coalesce(s.printed_on, s.known_at::DATE) AS read_on,
        c.snapshot_id,
        c.category,
        c.model_name,
        coalesce(c.organization_name, '') AS organization_name,
        c.model_id,
        c.score,
        rank() OVER (PARTITION BY c.snapshot_id, c.category ORDER BY c.score DESC) AS place
    FROM core.scores AS c
    JOIN core.snapshots AS s USING (snapshot_id)
    WHERE c.score IS NOT NULL
),
unknown_names AS (
    SELECT
        r.*,
        n.resolution,
        n.organization_id,
        r.score - coalesce(t.lowest_top, '-infinity'::DOUBLE) AS margin
    FROM ranked_scores AS r
    JOIN core.model_names AS n
        ON n.source_id = r.source_id
        AND n.model_name = r.model_name
        AND n.organization_name = r.organization_name
        AND r.read_on BETWEEN n.valid_from AND n.valid_to
        AND n.resolution <> 'name'
    LEFT JOIN thresholds AS t USING (snapshot_id, category)
)
SELECT
    u.source_id,
    u.model_name,
    u.organization_name,
    min(resolution) AS resolution,
    min(published_on) AS first_seen,
    max(published_on) AS last_seen,
    count(DISTINCT snapshot_id) AS snapshots,
    min(place) AS best_rank,
    arg_min(score, (place, snapshot_id, category)) AS best_score,
    arg_min(snapshot_id || ' ' || category, (place, snapshot_id, category)) AS best_where,
    max(margin) FILTER (isfinite(margin)) AS margin_to_top,
    min(resolution) = 'unresolved' AND coalesce(max(margin) >= 0, FALSE) AS blocks_release,
    max(k.reason) AS reason,
    -- model_id,name,organization_id,base_model,effort,joint_organizations,fine_tune_of,base_model_country,public_from,public_to,was_public,names,evidence
    format(
        '{0},{1},{2},,,,,,,,,{1},{3}',
        lower(regexp_replace(trim(u.model_name), '[^A-Za-z0-9.]+', '-', 'g')),
        CASE WHEN contains(u.model_name, ',') OR contains(u.model_name, '"') THEN '"' || replace(u.model_name, '"', '""') || '"' ELSE u.model_name END,
        coalesce(min(organization_id), '<organization_id>'),
        '<where a person can check>'
    ) AS csv_line
FROM unknown_names AS u
LEFT JOIN staged_known_unresolved AS k
    ON (k.source_id = u.source_id OR k.source_id IS NULL) AND k.model_name = u.model_name
GROUP BY u.source_id, u.model_name, u.organization_name
ORDER BY u.source_id, u.model_name, u.organization_name
