-- One row: a model in one category of one listing, identical repeats collapsed.
-- Rows that differ under one key keep their occurrence number; they set the name aside. A view, as read_score is.
SELECT * EXCLUDE (is_repeated), 1 AS occurrence, 1 AS occurrences
FROM read_score
WHERE NOT is_repeated
UNION ALL BY NAME
SELECT * FROM repeated_score
