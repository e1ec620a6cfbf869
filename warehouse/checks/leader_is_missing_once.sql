-- severity: warn
-- about: core.snapshots
-- why: upstream left a leader out of one publication, which moved the gap of its day
SELECT
    format('{} led {} on {}, is missing in {} and listed again on {}', model_id, country, earlier_on, snapshot_id, later_on) AS message,
    *
FROM core.missing_leaders
WHERE place = 1 AND snapshot_id NOT IN (SELECT snapshot_id FROM meta.withheld)
ORDER BY published_on DESC, snapshot_id, country
