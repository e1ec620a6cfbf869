-- One row: a year, measure and pair of chips.
-- cn_value / us_value on paper, in base units and dense tensor rates, never the plain vector FP16 column.
-- best_shipped: of each country's chips known to be shipped by the end of the year (core.chip_availability),
-- the one with the highest figure. Named pairs (core.chip_pairs) stand in the year in which the later of the
-- two had got so far. A blank figure gives no ratio, and note says so.
WITH newest AS (
    SELECT *
    FROM core.chips
    QUALIFY rank() OVER (PARTITION BY source_id ORDER BY listed_on DESC) = 1
),
figure AS (
    SELECT chip_name, measure, precision, place, value
    FROM (
        SELECT
            chip_name,
            unnest([
                {'place': 1, 'measure': 'fp16_tensor', 'precision': 'fp16', 'value': fp16_tensor_flops},
                {'place': 2, 'measure': 'bf16_tensor', 'precision': 'bf16', 'value': bf16_tensor_flops},
                {'place': 3, 'measure': 'memory', 'precision': NULL, 'value': memory_bytes},
                {'place': 4, 'measure': 'bandwidth', 'precision': NULL, 'value': bandwidth_bytes_per_s}
            ], recursive := TRUE)
        FROM newest
    )
),
stage AS (
    -- How far each chip has come, and since when.
    SELECT chip_name, country, availability, since
    FROM core.chip_availability
    QUALIFY row_number() OVER (
        PARTITION BY chip_name ORDER BY list_position(['shipped', 'sampled', 'announced'], availability)
    ) = 1
),
years AS (
    SELECT unnest(generate_series(
        greatest(
            min(year(since)) FILTER (country = (SELECT value FROM meta.parameters WHERE name = 'country_a')),
            min(year(since)) FILTER (country = (SELECT value FROM meta.parameters WHERE name = 'country_b'))
        ),
        (SELECT max(year(listed_on)) FROM newest)
    ))::INTEGER AS year
    FROM stage
    WHERE availability = 'shipped'
),
shipped AS (
    SELECT
        y.year, s.country, f.measure, f.precision, f.place,
        arg_max(f.chip_name, (f.value, f.chip_name)) FILTER (f.value IS NOT NULL) AS chip,
        max(f.value) AS value,
        string_agg(f.chip_name, ', ' ORDER BY f.chip_name) FILTER (f.value IS NULL) AS blank
    FROM years AS y
    JOIN stage AS s ON s.availability = 'shipped' AND year(s.since) <= y.year
    JOIN figure AS f ON f.chip_name = s.chip_name
    GROUP BY ALL
),
best AS (
    SELECT
        us.year, us.measure, us.precision, us.place, 'best_shipped' AS pair,
        us.chip AS us_chip, us.value AS us_value, cn.chip AS cn_chip, cn.value AS cn_value,
        'shipped' AS availability,
        concat_ws('; ', 'no figure printed for the US ' || us.blank, 'no figure printed for the Chinese ' || cn.blank) AS note
    FROM shipped AS us
    JOIN shipped AS cn ON cn.year = us.year AND cn.measure = us.measure
    WHERE us.country = (SELECT value FROM meta.parameters WHERE name = 'country_a')
        AND cn.country = (SELECT value FROM meta.parameters WHERE name = 'country_b')
),
named AS (
    SELECT
        year(greatest(a.since, b.since))::INTEGER AS year,
        us.measure, us.precision, us.place, p.pair,
        us.chip_name AS us_chip, us.value AS us_value, cn.chip_name AS cn_chip, cn.value AS cn_value,
        b.availability,
        concat_ws(
            '; ',
            CASE WHEN us.value IS NULL THEN 'no figure printed for ' || us.chip_name END,
            CASE WHEN cn.value IS NULL THEN 'no figure printed for ' || cn.chip_name END,
            p.note
        ) AS note
    FROM core.chip_pairs AS p
    JOIN figure AS us ON us.chip_name = p.us_chip
    JOIN figure AS cn ON cn.chip_name = p.cn_chip AND cn.measure = us.measure
    JOIN stage AS a ON a.chip_name = p.us_chip
    JOIN stage AS b ON b.chip_name = p.cn_chip
)
SELECT
    year, measure, precision, pair, us_chip, us_value, cn_chip, cn_value, cn_value / nullif(us_value, 0) AS ratio,
    availability, nullif(note, '') AS note
FROM (SELECT * FROM best UNION ALL SELECT * FROM named)
ORDER BY pair, place, year
