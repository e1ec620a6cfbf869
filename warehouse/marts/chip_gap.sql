-- One row: a year, measure and pair of chips.
-- cn_value / us_value on paper, in base units and dense tensor rates. Where no FP16 tensor rate is printed, plain FP16
-- stands for it if the chip has matrix units only (core.chip_makers: Ascend, MLU, Kunlun), never if it is a GPU.
-- best_shipped: of each country's chips of which a first delivery is known by the end of the year
-- (core.chip_availability), the one with the highest figure. Named pairs (core.chip_pairs) are listed in the year in which the later of the
-- two had reached that stage. A blank figure gives no ratio, and note says so.
WITH newest_lists AS (
    SELECT * FROM core.chips
    QUALIFY rank() OVER (PARTITION BY source_id ORDER BY listed_on DESC) = 1
),
stages AS (
    -- How far each chip has come, and since when.
    SELECT chip_name, country, availability, since
    FROM core.chip_availability
    QUALIFY row_number() OVER (
        PARTITION BY chip_name ORDER BY list_position(['shipped', 'sampled', 'announced'], availability)
    ) = 1
),
figures AS (
    SELECT
        l.chip_name, m.measure, m.precision, m.place,
        CASE m.measure
            WHEN 'fp16_tensor' THEN coalesce(l.fp16_tensor_flops, if(k.plain_fp16_is_dense, l.fp16_flops, NULL))
            WHEN 'bf16_tensor' THEN l.bf16_tensor_flops
            WHEN 'memory' THEN l.memory_bytes
            WHEN 'bandwidth' THEN l.bandwidth_bytes_per_s
        END AS value,
        CASE
            WHEN value IS NULL THEN 'no figure printed for ' || l.chip_name
            WHEN m.measure = 'fp16_tensor' AND l.fp16_tensor_flops IS NULL
                THEN l.chip_name || ' by its plain FP16 figure, as it has matrix units only'
        END AS remark
    FROM newest_lists AS l
    LEFT JOIN core.chip_makers AS k USING (manufacturer_name)
    CROSS JOIN (
        VALUES (1, 'fp16_tensor', 'fp16'), (2, 'bf16_tensor', 'bf16'), (3, 'memory', NULL), (4, 'bandwidth', NULL)
    ) AS m(place, measure, precision)
),
years AS (
    -- From the year in which both countries ship a chip.
    SELECT unnest(generate_series(
        greatest(min(year(since)) FILTER (country = country_a), min(year(since)) FILTER (country = country_b)),
        (SELECT max(year(listed_on)) FROM newest_lists)
    ))::INTEGER AS year
    FROM stages CROSS JOIN internal.settings
    WHERE availability = 'shipped'
),
shipped_chips AS (
    SELECT
        y.year, s.country, f.measure, f.precision, f.place,
        arg_max(f.chip_name, (f.value, f.chip_name)) FILTER (f.value IS NOT NULL) AS chip,
        max(f.value) AS value,
        arg_max_null(f.remark, (f.value, f.chip_name)) FILTER (f.value IS NOT NULL) AS remark,
        'no figure printed for the ' || if(s.country = 'CN', 'Chinese', s.country) || ' '
        || string_agg(f.chip_name, ', ' ORDER BY f.chip_name) FILTER (f.value IS NULL) AS blanks
    FROM years AS y
    JOIN stages AS s ON s.availability = 'shipped' AND year(s.since) <= y.year
    JOIN figures AS f ON f.chip_name = s.chip_name
    GROUP BY y.year, s.country, f.measure, f.precision, f.place
),
comparisons AS (
    SELECT
        us.year, us.measure, us.precision, us.place, 'best_shipped' AS pair,
        us.chip AS us_chip, us.value AS us_value, cn.chip AS cn_chip, cn.value AS cn_value,
        'shipped' AS availability, concat_ws('; ', us.remark, us.blanks, cn.remark, cn.blanks) AS note
    FROM internal.settings
    JOIN shipped_chips AS us ON us.country = settings.country_a
    JOIN shipped_chips AS cn ON cn.country = settings.country_b AND cn.year = us.year AND cn.measure = us.measure
    UNION ALL
    SELECT
        year(greatest(us_stage.since, cn_stage.since))::INTEGER, us.measure, us.precision, us.place, p.pair,
        us.chip_name, us.value, cn.chip_name, cn.value,
        cn_stage.availability, concat_ws('; ', us.remark, cn.remark, p.note)
    FROM internal.settings
    JOIN stages AS us_stage ON us_stage.country = settings.country_a
    JOIN core.chip_pairs AS p ON p.us_chip = us_stage.chip_name
    JOIN stages AS cn_stage ON cn_stage.chip_name = p.cn_chip AND cn_stage.country = settings.country_b
    JOIN figures AS us ON us.chip_name = p.us_chip
    JOIN figures AS cn ON cn.chip_name = p.cn_chip AND cn.measure = us.measure
)
SELECT
    year, measure, precision, pair, us_chip, us_value, cn_chip, cn_value, cn_value / nullif(us_value, 0) AS ratio,
    availability, nullif(note, '') AS note
FROM comparisons
ORDER BY pair, place, year
