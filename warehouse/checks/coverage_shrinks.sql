-- severity: warn
-- about: meta.coverage
-- why: a month that was observed in the release before has been lost, and nobody may have meant it
-- previous_coverage: the observed months of the previous release, of the same pair of countries; none for the first
-- release and for releases that had no meta.coverage.
SELECT
    format(
        '{}{}: {} of {} observed months lost ({}{})',
        p.board,
        CASE p.variant WHEN 'default' THEN '' ELSE ' ' || p.variant END,
        count(*) FILTER (NOT coalesce(c.is_observed, FALSE)),
        count(*),
        array_to_string(list(strftime(p.month, '%Y-%m') ORDER BY p.month) FILTER (NOT coalesce(c.is_observed, FALSE))[:6], ', '),
        if(count(*) FILTER (NOT coalesce(c.is_observed, FALSE)) > 6, ', …', '')
    ) AS message,
    p.board,
    p.variant,
    count(*) FILTER (NOT coalesce(c.is_observed, FALSE)) AS lost,
    list(DISTINCT coalesce(c.reason, 'no such month') ORDER BY coalesce(c.reason, 'no such month'))
        FILTER (NOT coalesce(c.is_observed, FALSE)) AS reasons
FROM previous_coverage AS p
LEFT JOIN meta.coverage AS c USING (board, variant, month)
GROUP BY p.board, p.variant
HAVING lost > 0
ORDER BY p.board, p.variant
