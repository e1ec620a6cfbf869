-- One row: a year of private AI investment as one edition of the AI Index printed it.
-- Single cited figures, never its tables (CC BY-ND 4.0): US and Chinese private investment, and how many times the
-- Chinese figure the US one is. Editions are not mixed: a later one may count otherwise. No rows where another pair of
-- countries is compared: these figures are of the US and China.
SELECT
    f.period::INTEGER AS year,
    f.edition,
    f.us AS us_investment,
    f.china AS cn_investment,
    f.us / nullif(f.china, 0) AS ratio,
    f.unit,
    f.figure,
    f.sentence AS published_in,
    coalesce(f.address, s.address) AS address,
    f.source_id
FROM core.published_figures AS f
JOIN meta.sources AS s USING (source_id)
CROSS JOIN internal.settings
WHERE settings.country_a = 'US' AND settings.country_b = 'CN' AND f.measure = 'private AI investment' AND f.us IS NOT NULL AND f.china IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY year, f.edition, f.source_id ORDER BY f.input_id DESC, f.listing) = 1
ORDER BY year, f.edition, f.source_id
