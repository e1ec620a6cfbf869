-- severity: warn
-- about: main.monthly_gap
-- why: schema_is_compatible had nothing to compare with; check by hand that no published column is lost
SELECT 'the previous release ' || file || ' cannot be read' AS message FROM previous_file
WHERE NOT EXISTS (FROM previous_columns)
