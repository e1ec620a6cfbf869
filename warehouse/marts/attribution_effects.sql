-- One row: an attribution that could have been decided otherwise, and how many months of the gap it would change.
-- The rules any and cn_hk and those of core.attributions, which gap_sensitivity shows month by month; and every other
-- alternative that the reference tables give a reason for (internal.alternative_attributions), most of which change
-- nothing. Each month's snapshot again, with the models of the subject counted for the other country and all others
-- as before. What no row names has one country by every fact that is known here.

-- Over 80 lines: two ways to the gap under an alternative, each step of which is a name below.
WITH months AS (
    SELECT
        g.*, country_a, country_b, settings.listing AS listed_as,
        g.board = spine_board AND g.category = 'overall' AS is_headline
    FROM main.monthly_gap AS g
    CROSS JOIN internal.settings
    WHERE g.snapshot_id IS NOT NULL AND g.status NOT IN ('ambiguous', 'withheld')
),
sides AS (
    SELECT snapshot_id, category, country_a AS country, us_model_id AS leader_id, us_score AS top FROM months
    UNION
    SELECT snapshot_id, category, country_b, cn_model_id, cn_score FROM months
),
moved AS (
    SELECT * FROM internal.alternative_attributions
),
-- What the country that gets the models could lead with, and what the one that loses its leader would have left.
gained AS (
    SELECT a.alternative, s.snapshot_id, s.category, s.country, max(c.score) AS top
    FROM moved AS a
    JOIN core.scores AS c ON c.model_id = a.model_id AND c.score IS NOT NULL AND NOT c.is_ambiguous AND c.basis <> 'scaffold'
    JOIN sides AS s ON s.snapshot_id = c.snapshot_id AND s.category = c.category AND s.country = a.country
    CROSS JOIN internal.settings
    WHERE CASE settings.listing WHEN 'any' THEN TRUE WHEN 'public' THEN c.is_public ELSE c.is_known_public END
    GROUP BY ALL
),
left_over AS (
    SELECT l.alternative, l.snapshot_id, l.category, l.country, max(c.score) AS top
    FROM (
        SELECT DISTINCT a.alternative, s.snapshot_id, s.category, s.country
        FROM moved AS a
        JOIN sides AS s ON s.leader_id = a.model_id AND s.country <> a.country
    ) AS l
    LEFT JOIN internal.country_scores AS c
        ON c.snapshot_id = l.snapshot_id AND c.category = l.category AND c.country = l.country AND c.is_eligible
        AND NOT EXISTS (SELECT 1 FROM moved AS a WHERE a.alternative = l.alternative AND a.model_id = c.model_id)
    GROUP BY ALL
),
changed_sides AS (
    SELECT
        coalesce(g.alternative, l.alternative) AS alternative,
        s.snapshot_id, s.category, s.country,
        greatest(CASE WHEN l.alternative IS NULL THEN s.top ELSE l.top END, g.top) AS top
    FROM gained AS g
    FULL JOIN left_over AS l USING (alternative, snapshot_id, category, country)
    JOIN sides AS s USING (snapshot_id, category, country)
),
gaps AS (
    SELECT
        t.alternative, m.board, m.variant, m.category, m.month, m.is_headline, m.gap_points,
        coalesce(max(t.top) FILTER (t.country = m.country_a), CASE WHEN NOT bool_or(t.country = m.country_a) THEN any_value(m.us_score) END)
        - coalesce(max(t.top) FILTER (t.country = m.country_b), CASE WHEN NOT bool_or(t.country = m.country_b) THEN any_value(m.cn_score) END)
            AS other_gap
    FROM changed_sides AS t
    JOIN months AS m USING (snapshot_id, category)
    GROUP BY t.alternative, m.board, m.variant, m.category, m.month, m.is_headline, m.gap_points
    UNION ALL
    SELECT g.country_rule, m.board, m.variant, m.category, m.month, m.is_headline, m.gap_points, g.gap_points
    FROM months AS m
    JOIN core.snapshot_gaps AS g
        ON g.snapshot_id = m.snapshot_id AND g.category = m.category AND g.listing = m.listed_as
        AND g.country_rule <> m.country_rule
),
changes AS (
    SELECT *, other_gap - gap_points AS difference FROM gaps WHERE other_gap IS DISTINCT FROM gap_points
),
alternatives AS (
    SELECT alternative, basis, list(DISTINCT subject ORDER BY subject) AS subjects, any_value(country) AS country, any_value(why) AS why
    FROM moved
    GROUP BY alternative, basis
    UNION ALL
    SELECT country_rule, 'line', list(subject ORDER BY subject), any_value(country), any_value(why)
    FROM core.attributions
    GROUP BY country_rule
    UNION ALL
    FROM (VALUES
        ('any', 'rule', [], NULL, 'every maker counted for each of its countries'),
        ('cn_hk', 'rule', [], 'CN', 'makers in Hong Kong counted as Chinese')
    )
)
SELECT
    a.alternative,
    a.basis,
    a.subjects,
    a.country,
    a.why,
    count(c.difference) AS changed_months,
    count(c.difference) FILTER (c.is_headline) AS changed_headline_months,
    count(c.alternative) FILTER (c.gap_points IS NULL) AS gained_months,
    count(c.alternative) FILTER (c.other_gap IS NULL) AS lost_months,
    arg_max(c.difference, abs(c.difference)) AS largest_difference,
    min(c.month) AS first_month,
    max(c.month) AS last_month
FROM alternatives AS a
LEFT JOIN changes AS c USING (alternative)
GROUP BY ALL
ORDER BY a.alternative, a.basis
