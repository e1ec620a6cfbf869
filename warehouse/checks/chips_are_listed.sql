-- severity: block
-- about: core.chip_pairs
-- why: a chip named for comparison must be spelt as a held list prints it, or its figures are blank for no reason
-- Without any list of chips there is nothing to compare and nothing to misspell.
WITH named_chips AS (
    SELECT us_chip AS chip_name FROM core.chip_pairs
    UNION
    SELECT cn_chip FROM core.chip_pairs
    UNION
    SELECT chip_name FROM core.chip_availability
)
SELECT format('{} is in no list of chips', chip_name) AS message, chip_name
FROM named_chips
WHERE EXISTS (SELECT 1 FROM core.chips)
    AND chip_name NOT IN (SELECT chip_name FROM core.chips)
ORDER BY chip_name
