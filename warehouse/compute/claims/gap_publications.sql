-- One row: a publication of $board and $variant, overall, with a leader of both countries, in order of days.
-- From $since to $until, both included.
SELECT * EXCLUDE (is_last_of_day)
FROM claimed_publication
WHERE board = $board AND variant = $variant AND published_on BETWEEN $since AND $until
ORDER BY published_on, is_last_of_day
