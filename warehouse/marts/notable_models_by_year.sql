-- One row: a publication year, country and way of counting in one vintage of the list.
-- Models of a vintage of the list by publication year and country of their makers. any: a model counts once for
-- each distinct country of its makers; fractional: it is shared equally among them, so that a year's shares add
-- up to its models. Names that are no country ("Multinational") and models without a country count under ZZ. A model
-- without a publication date has no year. A vintage with a country that countries.csv does not know is left out
-- (meta.withheld).
WITH dated_models AS (
    SELECT
        m.vintage,
        m.source_id,
        m.input_id,
        m.listing,
        year(m.published_on)::INTEGER AS year,
        CASE WHEN len(m.countries) > 0 THEN m.countries ELSE ['(none)'] END AS printed
    FROM core.notable_models AS m
    WHERE m.published_on IS NOT NULL
        AND m.input_id NOT IN (SELECT snapshot_id FROM meta.withheld WHERE reason = 'unknown_country')
),
maker_countries AS (
    SELECT DISTINCT m.vintage, m.source_id, m.input_id, m.listing, m.year, coalesce(n.country, 'ZZ') AS country
    FROM (SELECT * EXCLUDE (printed), unnest(printed) AS name FROM dated_models) AS m
    LEFT JOIN core.country_names AS n ON n.printed = m.name
),
shares AS (
    SELECT *, 1 / count(*) OVER (PARTITION BY input_id, listing) AS share
    FROM maker_countries
)
SELECT
    year, country, w.counting,
    -- In order, so that the sum has the same last bits every time.
    list_sum(list(CASE w.counting WHEN 'any' THEN 1 ELSE share END ORDER BY share)) AS models,
    vintage, source_id
FROM shares
CROSS JOIN (VALUES ('any'), ('fractional')) AS w(counting)
GROUP BY year, country, w.counting, vintage, source_id
ORDER BY source_id, vintage, w.counting, year, country
