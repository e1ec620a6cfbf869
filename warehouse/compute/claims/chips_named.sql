-- One row: a listed chip whose name contains $part.
SELECT chip_name
FROM core.chips
WHERE contains(chip_name, $part)
