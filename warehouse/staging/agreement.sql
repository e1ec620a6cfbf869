-- One row: a listing whose day is in doubt, and one that it may be a copy of, with how they agree.
-- newest_seen is the latest first sighting of a model of the copy; against a printed listing that is cut, only models
-- from its lowest score up count, since it may have left out any below.
WITH seen AS MATERIALIZED (
    SELECT c.key, c.category_number, c.score, f.seen_on
    FROM compared_score AS c
    JOIN listing AS l USING (key)
    JOIN first_seen AS f USING (board, model_number)
    WHERE c.is_in_doubt
),
newest AS (
    SELECT key, max(seen_on) AS seen_on FROM seen GROUP BY key
),
lowest AS (
    SELECT p.key, p.category_number, min(p.score) AS score FROM compared_score AS p SEMI JOIN cut_listing USING (key) GROUP BY ALL
),
-- First: joined to seen by category alone, lowest gives every listing of a board.
of_cut AS MATERIALIZED (
    SELECT a.copy, a.original, d.category_number, d.score
    FROM compared_listing AS a
    JOIN lowest AS d ON d.key = a.original
),
newest_above AS (
    SELECT a.copy, a.original, max(c.seen_on) AS seen_on
    FROM of_cut AS a
    JOIN seen AS c ON c.key = a.copy AND c.category_number = a.category_number AND c.score >= a.score
    GROUP BY ALL
)
SELECT
    p.copy,
    p.original,
    p.shared,
    p.agreeing,
    p.mean_difference,
    coalesce(a.seen_on, n.seen_on) AS newest_seen,
    p.facts_differ
FROM compared_listing AS p
JOIN newest AS n ON n.key = p.copy
LEFT JOIN newest_above AS a USING (copy, original)
