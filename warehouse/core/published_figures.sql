-- One row: a figure as somebody published it.
-- Figures copied from reports with the sentence they are from. Editions that disagree are both kept.
SELECT
    f.input_id,
    i.source_id,
    row_number() OVER (PARTITION BY f.input_id ORDER BY f.edition, f.figure, f.measure, f.period, f.us, f.china) AS listing,
    f.*EXCLUDE (input_id)
FROM parsed_figure AS f
JOIN meta.inputs AS i USING (input_id)
ORDER BY i.source_id, f.input_id, listing
