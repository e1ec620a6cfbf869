-- severity: block
-- about: main.monthly_gap
-- why: within a major version of the schema no published name, type, key, unit or argument may go away or change
-- previous_columns: the columns of the previous release; empty for the first release. macro_columns: the columns of
-- the candidate's macros. Both list a macro as a table whose name includes its arguments.
WITH current_columns AS (
    FROM macro_columns
    UNION ALL
    SELECT table_name, column_name, data_type, nullable, unit, is_key FROM meta.columns
),
new_columns AS (
    -- New columns of existing tables: one of them may be a renamed column.
    SELECT table_name, data_type, string_agg(column_name, ', ' ORDER BY column_name) AS names
    FROM current_columns AS n
    WHERE table_name IN (SELECT table_name FROM previous_columns)
        AND NOT EXISTS (FROM previous_columns AS p WHERE (p.table_name, p.column_name) = (n.table_name, n.column_name))
    GROUP BY ALL
),
differences AS (
    SELECT DISTINCT
        p.table_name,
        '' AS column_name,
        'no such ' || if(contains(p.table_name, '('), 'macro', 'table') AS found,
        'the ' || if(contains(p.table_name, '('), 'macro', 'table') AS expected,
        p.schema_version AS previous_version
    FROM previous_columns AS p
    WHERE p.table_name NOT IN (SELECT table_name FROM current_columns)
    UNION ALL
    SELECT
        p.table_name,
        p.column_name,
        CASE
            WHEN n.column_name IS NULL THEN 'no such column' || coalesce(' (new columns: ' || f.names || ')', '')
            WHEN n.data_type <> p.data_type THEN 'type ' || n.data_type
            WHEN n.nullable AND NOT p.nullable THEN 'may be null'
            WHEN n.unit IS DISTINCT FROM p.unit THEN 'unit ' || coalesce(n.unit, 'none')
            WHEN n.is_key <> p.is_key THEN if(n.is_key, 'part of the key', 'not part of the key')
        END,
        CASE
            WHEN n.column_name IS NULL THEN 'type ' || p.data_type
            WHEN n.data_type <> p.data_type THEN 'type ' || p.data_type
            WHEN n.nullable AND NOT p.nullable THEN 'never null'
            WHEN n.unit IS DISTINCT FROM p.unit THEN 'unit ' || coalesce(p.unit, 'none')
            WHEN n.is_key <> p.is_key THEN if(p.is_key, 'part of the key', 'not part of the key')
        END,
        p.schema_version
    FROM previous_columns AS p
    LEFT JOIN current_columns AS n USING (table_name, column_name)
    LEFT JOIN new_columns AS f ON f.table_name = p.table_name AND f.data_type = p.data_type
    WHERE p.table_name IN (SELECT table_name FROM current_columns)
    UNION ALL
    SELECT n.table_name, n.column_name, 'part of the key', 'a key without it', any_value(p.schema_version)
    FROM current_columns AS n
    JOIN previous_columns AS p USING (table_name)
    WHERE n.is_key
    GROUP BY n.table_name, n.column_name
    HAVING NOT bool_or(p.column_name = n.column_name)
)
SELECT
    d.table_name,
    d.column_name,
    d.found,
    d.expected,
    d.table_name || if(d.column_name = '', '', '.' || d.column_name) || ': found ' || d.found || ', expected '
    || d.expected || ' as in schema version ' || d.previous_version || '; restore it, or raise SCHEMA_VERSION from '
    || r.schema_version || ' to ' || (split_part(r.schema_version, '.', 1)::INTEGER + 1) || '.0 and note the change '
    || 'in docs/contract.md' AS message
FROM differences AS d
CROSS JOIN meta.release AS r
WHERE d.found IS NOT NULL
    AND split_part(r.schema_version, '.', 1)::INTEGER <= split_part(d.previous_version, '.', 1)::INTEGER
ORDER BY ALL
