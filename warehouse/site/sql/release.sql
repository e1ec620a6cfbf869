-- What this release is, and which two countries it compares.
SELECT
  schema_version, input_hash, inputs, latest_month, project_version,
  (SELECT value FROM meta.parameters WHERE name = 'country_a') AS country_a,
  (SELECT value FROM meta.parameters WHERE name = 'country_b') AS country_b
FROM meta.release
