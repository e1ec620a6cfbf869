-- How many sources there are, how many of them have files, how many files, and the newest day.
SELECT
  count(*) AS sources, count(*) FILTER (inputs > 0) AS held, sum(inputs)::BIGINT AS inputs,
  max(last_published_on) AS newest
FROM meta.sources JOIN meta.source_status USING (source_id)
