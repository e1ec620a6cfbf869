-- One row: a month and a model, with its maker's own price.
-- For each maker the newest list dated in the month that has an outlet of its own counts, and no other: a model that
-- it lacks is withdrawn, and without such a list there is no price. On one day a list of one maker counts before
-- those that collect the prices of many. Names stand for models as core.price_names says on the day of the list; other
-- sellers have no names there. Of prices by length of prompt the lowest tier counts. A zero is a price only if the
-- maker says free.
WITH held AS (
    SELECT
        h.source_id,
        coalesce(min(p.price_list_date), min(h.known_at)::DATE) AS held_on,
        h.selector ->> 'provider' AS provider,
        h.selector ->> 'listed_name' AS listed_name
    FROM meta.held AS h
    LEFT JOIN core.prices AS p USING (input_id)
    WHERE h.state = 'held' AND h.source_id IN (SELECT source_id FROM core.prices)
    GROUP BY h.source_id, h.input_id, h.selector
),
-- Of several bodies of one day the last.
newest AS (
    SELECT p.input_id, p.price_list_date
    FROM (SELECT DISTINCT source_id, input_id, price_list_date FROM core.prices) AS p
    JOIN meta.inputs AS i USING (input_id)
    QUALIFY i.known_at = max(i.known_at) OVER (PARTITION BY p.source_id, i.request, p.price_list_date)
),
-- What is held back in a list is still the price of the last list before: of a
-- price the last that has it, of a whole list the last.
listed AS (
    SELECT p.*, p.price_list_date AS counts_on
    FROM core.prices AS p
    SEMI JOIN newest USING (input_id, price_list_date)
    UNION ALL BY NAME
    SELECT p.*, h.held_on AS counts_on
    FROM held AS h
    JOIN core.prices AS p
        ON p.source_id = h.source_id AND p.price_list_date < h.held_on
        AND (h.listed_name IS NULL OR (p.provider = h.provider AND p.listed_name = h.listed_name))
    QUALIFY p.price_list_date = max(p.price_list_date) OVER (PARTITION BY h.source_id, h.held_on, h.provider, h.listed_name)
),
own_lists AS (
    SELECT source_id, count(DISTINCT coalesce(organization_id, provider)) = 1 AS is_of_one_maker
    FROM core.price_providers
    GROUP BY source_id
),
offers AS (
    SELECT
        l.*,
        date_trunc('month', l.counts_on)::DATE AS month,
        o.organization_id,
        o.preference,
        w.is_of_one_maker
    FROM listed AS l
    JOIN core.price_providers AS o ON o.source_id = l.source_id AND o.provider = l.provider AND o.is_first_party
    JOIN own_lists AS w ON w.source_id = l.source_id
    QUALIFY l.counts_on = max(l.counts_on) OVER (PARTITION BY month, o.organization_id)
)
SELECT
    p.month,
    n.model_id,
    p.source_id,
    p.price_list_date,
    p.provider,
    p.listed_name,
    p.input_usd_per_mtok,
    p.output_usd_per_mtok,
    p.tier_up_to_tokens,
    (price_blend_input * p.input_usd_per_mtok + price_blend_output * p.output_usd_per_mtok)
    / (price_blend_input + price_blend_output) AS blended,
    CASE WHEN blended > 0 THEN 'first_party' ELSE 'free_by_maker' END AS price_status
FROM offers AS p
CROSS JOIN internal.settings
JOIN core.price_names AS n
    ON n.source_id = p.source_id AND n.provider = p.provider AND n.listed_name = p.listed_name
    AND p.price_list_date BETWEEN n.valid_from AND n.valid_to
WHERE (p.input_usd_per_mtok > 0 AND p.output_usd_per_mtok > 0)
    OR (n.free_by_maker AND p.input_usd_per_mtok = 0 AND p.output_usd_per_mtok = 0)
QUALIFY row_number() OVER (
    PARTITION BY p.month, n.model_id
    ORDER BY
        p.counts_on DESC, NOT p.is_of_one_maker, p.source_id, p.preference, p.listed_name,
        p.price_list_date DESC, p.input_id DESC, p.listing
) = 1
