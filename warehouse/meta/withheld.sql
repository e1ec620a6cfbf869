-- One row: a category of one snapshot and why it is left out, with the model it is about.
-- A snapshot and category that one unresolved name, one maker without a country, one implausible score or
-- another source of the day makes doubtful, or that lacks leaders which the publications before and after it list,
-- stands for no day and no month: the last good publication of the month does, and a month without one has the
-- status withheld. Everything else is published. A list of notable models with a country that countries.csv does
-- not know is left out of main.notable_models_by_year; its input stands for the snapshot, and the country for the
-- model.
WITH reasons AS (
    SELECT snapshot_id, category, reason, model_name, organization_name, score, found_in, NULL AS message
    FROM doubtful
    UNION ALL
    SELECT snapshot_id, category, 'sources_disagree', '', '', NULL, category, message
    FROM contradicted
    UNION ALL
    SELECT snapshot_id, category, 'suspect', '', '', NULL, category, message
    FROM suspect
),
explained AS (
    SELECT
        r.snapshot_id, r.category, r.reason, r.model_name, r.organization_name, r.score,
        s.board, s.variant, s.published_on, s.source_id, s.input_id,
        CASE r.reason WHEN 'unknown_name' THEN p.csv_file WHEN 'maker_without_country' THEN 'organizations.csv' END AS csv_file,
        CASE r.reason WHEN 'unknown_name' THEN p.csv_line WHEN 'maker_without_country' THEN o.csv_line END AS csv_line,
        CASE r.reason
            WHEN 'unknown_name' THEN format(
                'unknown model {} (maker {}) scores {} and could lead; {}{}',
                r.model_name, CASE WHEN r.organization_name = '' THEN 'not printed' ELSE r.organization_name END,
                round(r.score, 1), p.advice, coalesce(': ' || p.csv_line, '')
            )
            WHEN 'maker_without_country' THEN format(
                '{} scores {} and could lead, but its maker has no country; give {} a country in organizations.csv, or explain in its note why it has none: {}',
                r.model_name, round(r.score, 1), m.organization_id, o.csv_line
            )
            WHEN 'implausible_score' THEN format(
                '{} scores {} in {}, which is outside the scale of the board ({}); {} was misread or is wrong; to read it no more: aigap archive reject {} --reason ''…''',
                r.model_name, r.score, r.found_in, b.unit, concat_ws(', ', nullif(i.file_name, ''), i.request, i.input_id), i.sha256[:12]
            )
            ELSE r.message
        END AS message
    FROM reasons AS r
    JOIN core.snapshots AS s USING (snapshot_id)
    JOIN core.boards AS b USING (board)
    JOIN meta.inputs AS i ON i.input_id = s.input_id
    LEFT JOIN core.scores AS c ON c.snapshot_id = r.snapshot_id AND c.category = r.category AND c.model_name = r.model_name
    LEFT JOIN core.models AS m ON m.model_id = c.model_id
    LEFT JOIN staged_country_line AS o ON o.organization_id = m.organization_id
    LEFT JOIN staged_proposal AS p
        ON r.reason = 'unknown_name' AND p.source_id = s.source_id AND p.model_name = r.model_name
        AND p.organization_name = r.organization_name
)
SELECT * FROM explained
UNION ALL
SELECT
    l.input_id AS snapshot_id, '' AS category, 'unknown_country' AS reason, l.country AS model_name, '' AS organization_name,
    NULL AS score, '' AS board, '' AS variant, min(l.vintage) AS published_on, l.source_id, l.input_id,
    'countries.csv' AS csv_file,
    CASE WHEN regexp_matches(l.country, '[",]') THEN '"' || replace(l.country, '"', '""') || '"' ELSE l.country END
    || ',<country>,<where a person can check>' AS csv_line,
    format('"{}" is no country that countries.csv knows ({} models); add to countries.csv: {}', l.country, count(*), csv_line) AS message
FROM (SELECT input_id, source_id, vintage, unnest(countries) AS country FROM core.notable_models) AS l
WHERE l.country NOT IN (SELECT printed FROM core.country_names)
GROUP BY l.input_id, l.source_id, l.country
ORDER BY published_on DESC, snapshot_id, category, reason, model_name, organization_name
