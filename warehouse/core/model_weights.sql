-- One row: a model and a span of days with one state of its weights.
-- Open: anyone can download the weights, on any terms. The first of these that says something decides: a line of
-- models.csv (weights_from, weights_never); the licences that any source prints for the model; those of variants with
-- the same base_model; a flag of it or of them in the lists of the capability index. Weights that are out stay out, and weights that are
-- not out were not out before: where a closed licence is printed before the first open one, the model is closed until
-- the day of that one and open from then on. Where no closed one is printed before, it is open on all days, and a later
-- one is a slip; where none is open, it is closed on all days. If nothing says anything it is unknown: neither.
WITH models AS (
    SELECT s.model_id, coalesce(s.base_model, s.model_id) AS family, s.weights_from, s.weights_never, s.evidence
    FROM staged_model AS s
    UNION ALL
    SELECT DISTINCT n.model_id, n.model_id, NULL, FALSE, NULL
    FROM core.model_names AS n
    WHERE n.resolution = 'organization' AND n.model_id NOT IN (SELECT s.model_id FROM staged_model AS s)
),
printed AS (
    SELECT
        model_id,
        min(since) FILTER (is_open) AS open_since,
        min(since) FILTER (NOT is_open) AS closed_since,
        any_value(license_name) FILTER (is_open) AS open_licence,
        any_value(licence_kind) FILTER (is_open) AS open_kind,
        any_value(source_id) FILTER (is_open) AS open_source,
        any_value(license_name) FILTER (NOT is_open) AS closed_licence,
        any_value(source_id) FILTER (NOT is_open) AS closed_source
    FROM printed_licence
    GROUP BY model_id
),
-- opened_on: the first day on which the weights are out; -infinity is always, infinity never.
known AS (
    SELECT
        m.model_id,
        m.family,
        m.evidence,
        p.open_since, p.open_licence, p.open_kind, p.open_source,
        p.closed_since, p.closed_licence, p.closed_source,
        m.weights_never OR m.weights_from IS NOT NULL AS by_reference,
        CASE
            WHEN m.weights_never THEN 'infinity'::DATE
            WHEN m.weights_from IS NOT NULL THEN m.weights_from
            WHEN p.open_since IS NULL AND p.closed_since IS NULL THEN NULL
            WHEN p.open_since IS NULL THEN 'infinity'::DATE
            WHEN p.closed_since < p.open_since THEN p.open_since
            ELSE '-infinity'::DATE
        END AS opened_on
    FROM models AS m
    LEFT JOIN printed AS p ON p.model_id = m.model_id
),
families AS (
    SELECT
        family,
        min(opened_on) AS opened_on,
        min_by(model_id, (opened_on, model_id)) AS like_model,
        min_by(coalesce(open_kind, 'unstated'), (opened_on, model_id)) AS open_kind,
        arg_min_null(open_licence, (opened_on, model_id)) AS open_licence
    FROM known
    WHERE opened_on IS NOT NULL
    GROUP BY family
),
decided AS (
    SELECT
        k.model_id,
        k.evidence,
        k.open_since, k.open_source, k.closed_since, k.closed_source, k.closed_licence,
        f.like_model,
        i.source_id AS flagged_by,
        i.known_on,
        CASE
            WHEN k.by_reference THEN 'reference'
            WHEN k.opened_on IS NOT NULL THEN 'printed'
            WHEN f.opened_on IS NOT NULL THEN 'base_model'
            WHEN i.is_open IS NOT NULL THEN 'index'
            ELSE 'unknown'
        END AS basis,
        coalesce(
            k.opened_on,
            f.opened_on,
            CASE WHEN i.is_open THEN '-infinity'::DATE WHEN NOT i.is_open THEN 'infinity'::DATE END
        ) AS opened_on,
        CASE basis WHEN 'base_model' THEN f.open_licence ELSE k.open_licence END AS open_licence,
        coalesce(
            CASE basis WHEN 'base_model' THEN f.open_kind WHEN 'index' THEN i.licence_kind ELSE k.open_kind END,
            'unstated'
        ) AS open_kind
    FROM known AS k
    LEFT JOIN families AS f ON f.family = k.family
    LEFT JOIN flagged_weights AS i ON i.family = k.family
)
SELECT
    d.model_id,
    CASE WHEN s.weights = 'open' AND isfinite(d.opened_on) THEN d.opened_on ELSE DATE '0001-01-01' END AS valid_from,
    CASE WHEN s.weights = 'closed' AND isfinite(d.opened_on) THEN d.opened_on - 1 ELSE DATE '9999-12-31' END AS valid_to,
    s.weights,
    d.basis AS weights_basis,
    CASE s.weights WHEN 'open' THEN d.open_kind ELSE s.weights END AS licence_kind,
    CASE s.weights WHEN 'open' THEN d.open_licence WHEN 'closed' THEN d.closed_licence END AS license_name,
    CASE d.basis
        WHEN 'reference' THEN d.evidence
        WHEN 'printed' THEN CASE s.weights
            WHEN 'open' THEN format('{} prints {} on {}', d.open_source, d.open_licence, d.open_since)
            ELSE format('{} prints {} on {}', d.closed_source, d.closed_licence, d.closed_since)
        END
        WHEN 'base_model' THEN 'as ' || d.like_model
        WHEN 'index' THEN format('{} of {}', d.flagged_by, d.known_on)
        ELSE 'no licence is printed that says open or closed'
    END AS evidence
FROM decided AS d
JOIN (VALUES ('open'), ('closed'), ('unknown')) AS s(weights)
    ON CASE s.weights
        WHEN 'open' THEN d.opened_on < 'infinity'::DATE
        WHEN 'closed' THEN d.opened_on > '-infinity'::DATE
        ELSE d.opened_on IS NULL
    END
ORDER BY d.model_id, valid_from
