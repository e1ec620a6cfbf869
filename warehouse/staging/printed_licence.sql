-- One row: a model and whether licences printed for it are open, with the first day that one was printed.
-- The day is the one that upstream prints, else the day the bytes were known; that one too for a source that leaves an
-- old stamp standing, since a copy of an older list has the licence of the day it was copied. licence_kind is the newest
-- that says more than open.
WITH printed AS (
    SELECT DISTINCT
        c.model_id,
        l.is_open,
        l.licence_kind,
        c.license_name,
        i.source_id,
        CASE WHEN s.stamp_can_lag THEN i.known_at::DATE ELSE coalesce(i.stamped_on, i.known_at::DATE) END AS printed_on
    FROM listed_name AS c
    JOIN listing AS i ON i.key = c.key
    JOIN staged_source AS s ON s.source_id = i.source_id
    JOIN core.licence_spellings AS l ON l.spelling = c.license_name
    WHERE c.model_id IS NOT NULL AND l.is_open IS NOT NULL
)
SELECT
    model_id,
    is_open,
    min(printed_on) AS since,
    min_by(source_id, (printed_on, source_id)) AS source_id,
    min_by(license_name, (printed_on, source_id, license_name)) AS license_name,
    max_by(licence_kind, (licence_kind <> 'unstated', printed_on, license_name)) AS licence_kind
FROM printed
GROUP BY model_id, is_open
