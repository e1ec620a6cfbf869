-- severity: warn
-- about: main.monthly_gap
-- why: schema_is_compatible had nothing to compare with: look by hand whether readers lose something
SELECT 'the release before, ' || file || ', cannot be read' AS message FROM previous_file
WHERE NOT EXISTS (FROM previous_columns)
