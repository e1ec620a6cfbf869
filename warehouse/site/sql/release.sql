-- What this release is.
SELECT schema_version, input_hash, inputs, latest_month, project_version FROM meta.release
