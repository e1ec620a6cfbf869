-- One row: an exam at the end of a month, on one board, by who measured the scores.
-- The best US and the best Chinese model released by the end of the month, of scores with one basis: measured by one
-- party, reported by the makers, or any_source: all of them together (where a board has several). A scaffold leads for
-- nobody. Of a month in which a whole list was published, as it was listed then (as_listed); else by the first later
-- vintage, of models released by then: by their printed release day, else their first listing (by_release). Where the
-- board does not ship, single cited scores (cited, core.cited_scores). Beside it the newest gap that the AI Index printed
-- for the month, and why it differs.
WITH vintages AS (
    SELECT e.exam, e.board, e.category, e.published_measure, p.snapshot_id, p.month AS vintage_month, p.published_on AS vintage
    FROM core.exams AS e
    JOIN core.month_snapshots AS p USING (board, category)
    JOIN core.snapshots AS s USING (snapshot_id)
    WHERE p.month_rule = (SELECT month_rule FROM internal.settings) AND s.coverage = 'whole'
),
scores AS (
    SELECT
        v.*, c.country, c.model_name, c.model_id, c.score, o.basis,
        coalesce(c.released_on, f.first_listed_on) AS available_on
    FROM vintages AS v
    JOIN internal.country_scores AS c ON c.snapshot_id = v.snapshot_id AND c.category = v.category AND c.is_eligible
    JOIN core.scores AS o
        ON o.snapshot_id = c.snapshot_id AND o.category = c.category AND o.model_name = c.model_name
    JOIN core.first_listed AS f ON f.board = v.board AND f.model_id = c.model_id
    CROSS JOIN internal.settings
    WHERE c.country IN (settings.country_a, settings.country_b)
),
by_basis AS (
    SELECT * FROM scores
    UNION ALL
    SELECT * REPLACE ('any_source' AS basis)
    FROM scores
    WHERE board IN (SELECT board FROM scores WHERE category = 'overall' GROUP BY board HAVING count(DISTINCT basis) > 1)
        AND category = 'overall'
),
spans AS (
    SELECT exam, board, category, published_measure, basis, unnest(generate_series(
        date_trunc('month', min(available_on)), max(vintage_month), INTERVAL 1 MONTH
    ))::DATE AS month
    FROM by_basis
    GROUP BY exam, board, category, published_measure, basis
),
months AS (
    -- The first vintage of the month or later; is_first_later keeps one of them.
    SELECT m.*, v.snapshot_id, v.vintage_month, v.vintage
    FROM spans AS m
    JOIN vintages AS v ON v.exam = m.exam AND v.board = m.board AND v.category = m.category AND v.vintage_month >= m.month
    QUALIFY row_number() OVER (
        PARTITION BY m.exam, m.board, m.category, m.basis, m.month ORDER BY v.vintage_month
    ) = 1
),
tops AS (
    SELECT m.*, s.country, s.model_name, s.model_id, s.score
    FROM months AS m
    JOIN by_basis AS s
        ON s.exam = m.exam AND s.board = m.board AND s.category = m.category AND s.basis = m.basis
        AND s.snapshot_id = m.snapshot_id
        AND (s.available_on <= last_day(m.month) OR m.vintage_month = m.month)
    QUALIFY row_number() OVER (
        PARTITION BY m.exam, m.board, m.category, m.basis, m.month, s.country ORDER BY s.score DESC, s.model_name
    ) = 1
),
computed AS (
    SELECT
        u.exam, u.board, u.basis, u.month, u.published_measure,
        if(u.vintage_month = u.month, 'as_listed', 'by_release') AS vintage_rule, u.vintage, u.snapshot_id,
        u.model_name AS us_model, u.model_id AS us_model_id, u.score AS us_score,
        c.model_name AS cn_model, c.model_id AS cn_model_id, c.score AS cn_score,
        NULL AS us_address, NULL AS cn_address
    FROM tops AS u
    JOIN tops AS c USING (exam, board, category, basis, month)
    CROSS JOIN internal.settings
    WHERE u.country = settings.country_a AND c.country = settings.country_b
),
cited_tops AS (
    SELECT s.*, m.country
    FROM core.cited_scores AS s
    CROSS JOIN internal.settings
    JOIN core.model_countries AS m
        ON m.model_id = s.model_id AND m.country_rule = settings.country_rule
        AND last_day(s.month) BETWEEN m.valid_from AND m.valid_to
    QUALIFY row_number() OVER (
        PARTITION BY s.board, s.basis, s.month, m.country ORDER BY s.score DESC, s.model_name
    ) = 1
),
cited AS (
    SELECT
        e.exam, u.board, u.basis, u.month, e.published_measure, 'cited' AS vintage_rule, NULL AS vintage, NULL AS snapshot_id,
        u.model_name AS us_model, u.model_id AS us_model_id, u.score AS us_score,
        c.model_name AS cn_model, c.model_id AS cn_model_id, c.score AS cn_score,
        u.address AS us_address, c.address AS cn_address
    FROM cited_tops AS u
    JOIN cited_tops AS c USING (board, basis, month)
    JOIN (SELECT DISTINCT exam, board, published_measure FROM core.exams) AS e USING (board)
    CROSS JOIN internal.settings
    WHERE u.country = settings.country_a AND c.country = settings.country_b
        AND u.board NOT IN (SELECT board FROM computed)
),
published AS (
    SELECT measure, period, gap, edition, sentence
    FROM core.published_figures
    CROSS JOIN internal.settings
    -- The report compares these two; beside the gap of another pair it says nothing.
    WHERE gap IS NOT NULL AND settings.country_a = 'US' AND settings.country_b = 'CN'
    QUALIFY row_number() OVER (PARTITION BY measure, period ORDER BY edition DESC, input_id, published_figures.listing) = 1
)
SELECT
    g.exam,
    g.board,
    g.basis,
    g.month,
    extract(month FROM g.month) = 12 AS is_year_end,
    g.vintage_rule,
    g.vintage,
    g.us_model,
    g.us_score,
    g.cn_model,
    g.cn_score,
    g.us_score - g.cn_score AS gap_points,
    p.gap AS published_gap,
    p.edition AS published_edition,
    p.sentence AS published_in,
    CASE WHEN abs(g.us_score - g.cn_score - p.gap) < 0.05 THEN 'the same gap' ELSE d.why END AS why_they_differ,
    g.us_model_id,
    g.cn_model_id,
    g.us_address,
    g.cn_address,
    g.snapshot_id
FROM (FROM computed UNION ALL FROM cited) AS g
LEFT JOIN published AS p ON p.measure = g.published_measure AND p.period = strftime(g.month, '%Y-%m')
LEFT JOIN core.exam_differences AS d ON d.exam = g.exam AND d.month = g.month AND p.gap IS NOT NULL
ORDER BY g.exam, g.board, g.basis, g.month
