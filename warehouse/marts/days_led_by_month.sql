-- One row: a month and who held the first place of a board on its days, in one scope and at one level.
-- Each day from the first publication to the last belongs to the newest publication, if that is at most
-- publication_lasts_days old; else the holder is unknown.
WITH spans AS (
    SELECT
        *,
        coalesce(
            lead(published_on) OVER (PARTITION BY board, variant, scope, level ORDER BY published_on) - 1, published_on
        ) AS last_day
    FROM core.publication_leaders
),
days AS (
    SELECT *, unnest(generate_series(published_on, last_day, INTERVAL 1 DAY))::DATE AS day FROM spans
),
held AS (
    SELECT
        d.board,
        d.variant,
        d.scope,
        d.level,
        date_trunc('month', d.day)::DATE AS month,
        CASE WHEN d.day - d.published_on <= settings.publication_lasts_days THEN d.holder ELSE 'unknown' END AS holder,
        max_by(d.holder_name, d.day) FILTER (d.day - d.published_on <= settings.publication_lasts_days) AS holder_name,
        count(*)::INTEGER AS days
    FROM days AS d
    CROSS JOIN internal.settings
    GROUP BY ALL
)
SELECT
    *,
    coalesce(sum(days) FILTER (holder <> 'unknown') OVER in_month, 0)::INTEGER AS known_days,
    holder <> 'unknown' AND days = max(days) FILTER (holder <> 'unknown') OVER in_month AS led_most
FROM held
WINDOW in_month AS (PARTITION BY board, variant, scope, level, month)
ORDER BY board, variant, scope, level, month, holder
