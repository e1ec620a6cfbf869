-- One row: a reign, the longest run of publications of a board with one holder of the first place.
-- From core.publication_leaders. It lasted at least from the first to the last publication of the run, and at most from
-- the day after the publication before to the day before the one after; at a censored end nothing is held beyond its
-- own first or last publication, so it may have lasted longer still. A change that was undone between two
-- publications is not seen: the list of reigns is never complete.
WITH led AS (
    SELECT
        *,
        lag(published_on) OVER series AS earlier_on,
        lead(published_on) OVER series AS later_on,
        lag(published_on) OVER (PARTITION BY board, variant, scope, level, reign ORDER BY published_on) AS seen_before_on
    FROM core.publication_leaders
    WINDOW series AS (PARTITION BY board, variant, scope, level ORDER BY published_on)
),
runs AS (
    SELECT
        board,
        variant,
        scope,
        level,
        reign,
        min_by(holder, published_on) AS holder,
        arg_min_null(holder_name, published_on) AS holder_name,
        min_by(model_name, published_on) AS model_name,
        min(published_on) AS first_seen,
        max(published_on) AS last_seen,
        count(*) AS publications,
        arg_min_null(earlier_on, published_on) AS earlier_on,
        arg_max_null(later_on, published_on) AS later_on,
        coalesce(max(published_on - seen_before_on - 1), 0) AS longest_unseen,
        arg_min_null(margin, published_on) AS margin_at_start,
        min_by(snapshot_id, published_on) AS first_snapshot_id,
        max_by(snapshot_id, published_on) AS last_snapshot_id
    FROM led
    GROUP BY ALL
)
SELECT
    board,
    variant,
    scope,
    level,
    reign,
    holder,
    holder_name,
    model_name,
    first_seen,
    last_seen,
    publications,
    last_seen - first_seen + 1 AS days_at_least,
    coalesce(later_on - 1, last_seen) - coalesce(earlier_on + 1, first_seen) + 1 AS days_at_most,
    earlier_on IS NULL AS start_censored,
    later_on IS NULL AS end_censored,
    longest_unseen,
    margin_at_start,
    lag(holder) OVER (PARTITION BY board, variant, scope, level ORDER BY reign) AS taken_from,
    first_snapshot_id,
    last_snapshot_id
FROM runs
ORDER BY board, variant, scope, level, reign
