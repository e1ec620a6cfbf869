-- One row: a source.
-- Newest bytes, newest figures and newest publication day of each source; next_expected is the newest fetch
-- plus the source's own cadence. No clock is read: what is overdue is for the reader to say.
WITH newest_inputs AS (
    SELECT source_id, max(known_at) AS last_fetch, count(*) AS inputs
    FROM meta.inputs
    GROUP BY ALL
),
figures AS (
    SELECT
        source_id,
        max(known_at) FILTER (same_as IS NULL) AS last_change,
        max(published_on) AS last_published_on,
        max_by(same_as IS NOT NULL, known_at) AS is_repeating
    FROM core.snapshots
    GROUP BY ALL
)
SELECT
    s.source_id,
    coalesce(n.inputs, 0) AS inputs,
    greatest(n.last_fetch, r.fetched_at) AS last_fetch,
    f.last_change,
    f.last_published_on,
    coalesce(f.is_repeating, FALSE) AS is_repeating,
    greatest(n.last_fetch, r.fetched_at) + to_seconds(st.cadence) AS next_expected,
    r.reason AS last_error
FROM meta.sources AS s
JOIN staged_source AS st USING (source_id)
JOIN staged_request AS r USING (source_id)
LEFT JOIN newest_inputs AS n USING (source_id)
LEFT JOIN figures AS f USING (source_id)
ORDER BY s.source_id
