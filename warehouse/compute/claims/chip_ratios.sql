-- One row: a measure of the two chips of $pair.
SELECT *
FROM main.chip_gap
WHERE pair = $pair
