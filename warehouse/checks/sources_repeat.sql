-- severity: warn
-- about: meta.source_status
-- why: a live source that publishes old figures under new dates is stale
SELECT
    format('{} still publishes the figures of {} (last new file {})', source_id, last_published_on, last_fetch) AS message,
    source_id, last_fetch, last_change, last_published_on
FROM meta.source_status
WHERE is_repeating AND next_expected IS NOT NULL
ORDER BY source_id
