-- severity: withhold
-- about: core.chip_pairs
-- why: a chip in chip_pairs.csv or chip_availability.csv must be spelt as in a list of chips, or its figures stay blank
-- Passes when no list of chips is stored: then there is nothing to compare.
WITH named_chips AS (
    SELECT us_chip AS chip_name FROM core.chip_pairs
    UNION
    SELECT cn_chip FROM core.chip_pairs
    UNION
    SELECT chip_name FROM core.chip_availability
)
SELECT format('{} is not in any list of chips', chip_name) AS message, chip_name
FROM named_chips
WHERE EXISTS (SELECT 1 FROM core.chips)
    AND chip_name NOT IN (SELECT chip_name FROM core.chips)
ORDER BY chip_name
