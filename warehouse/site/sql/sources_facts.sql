-- How many sources there are, how many are held, and of what.
SELECT
  count(*) AS sources, count(*) FILTER (inputs > 0) AS held, sum(inputs)::BIGINT AS inputs,
  count(DISTINCT producer) FILTER (inputs > 0) AS producers, max(last_published_on) AS newest
FROM meta.sources JOIN meta.source_status USING (source_id)
