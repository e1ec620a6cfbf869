-- severity: warn
-- about: main.attribution_effects
-- why: a country that could be decided otherwise changes a month of the gap, and gap_sensitivity does not show it
SELECT
    format(
        '{} ({}) would change {} months of the gap; to show them, add a line to attributions.csv for {}',
        e.alternative, e.why, e.changed_months + e.gained_months + e.lost_months, e.subjects[1]
    ) AS message,
    e.alternative,
    e.changed_months
FROM main.attribution_effects AS e
WHERE e.basis NOT IN ('rule', 'line')
    -- A maker of unknown country could be anybody's first model on a board: that alone is no reason for a line.
    AND e.changed_months + e.lost_months + CASE WHEN e.basis = 'no_country' THEN 0 ELSE e.gained_months END > 0
    AND NOT EXISTS (
        SELECT 1
        FROM core.attributions AS a
        LEFT JOIN core.models AS m ON m.organization_id = a.subject AND a.subject_kind = 'organization'
        WHERE a.subject = e.subjects[1] OR m.model_id = e.subjects[1]
    )
ORDER BY e.alternative
