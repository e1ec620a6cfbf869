-- severity: block
-- about: main.monthly_gap
-- why: every series must have a row for every month, observed or not
SELECT board, variant, category, min(month) AS first, max(month) AS last, count(*) AS rows
FROM main.monthly_gap
GROUP BY ALL
HAVING count(*) <> date_diff('month', min(month), max(month)) + 1
    OR max(month) < (SELECT latest_month FROM meta.release)
