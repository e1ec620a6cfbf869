-- Each country by its shortest printed name.
SELECT country, arg_min(printed, (length(printed), printed)) AS name
FROM core.country_names
GROUP BY country
ORDER BY country
