-- One row: a listing with a printed day that is cut: it may have left out models.
-- As in core/snapshots.sql, but for copies that are not known yet.
SELECT l.key
FROM listing AS l
JOIN listed_models AS b USING (key)
QUALIFY l.stamped_on IS NOT NULL AND (
    l.declared_coverage <> 'whole' OR b.base_models < (SELECT whole_share FROM internal.settings)
    * max(b.base_models) FILTER (l.declared_coverage = 'whole') OVER (
        PARTITION BY l.board, l.variant
        ORDER BY coalesce(l.stamped_on, l.known_at::DATE)
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )
)
