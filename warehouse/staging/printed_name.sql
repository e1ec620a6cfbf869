-- One row: a name in one listing, with the maker, licence and release day printed beside it.
-- rows counts how often; categories has a bit for each category it stands in (of more than 64 some share one). A listing
-- has a name in up to thirty categories: what depends on names alone is found from a small part of all rows. Listings
-- are joined first: to group by their number is quicker than by the four columns that tell them apart. is_carried: the
-- listing is carried over from a release, which says what model_id its names mean.
WITH numbered AS (
    SELECT category, 1::UBIGINT << ((row_number() OVER (ORDER BY category) - 1) % 64) AS bit
    FROM (SELECT DISTINCT category FROM parsed_observation)
),
names AS (
    SELECT
        l.key,
        o.model_name,
        o.organization_name,
        o.license_name,
        o.released_on,
        count(*) AS rows,
        bit_or(n.bit) AS categories
    FROM parsed_observation AS o
    JOIN numbered AS n USING (category)
    JOIN listing AS l
        ON l.input_id = o.input_id AND l.board = o.board AND l.variant = o.variant
        AND l.printed_on IS NOT DISTINCT FROM o.published_on
    GROUP BY ALL
)
SELECT *, NULL::VARCHAR AS model_id, FALSE AS is_carried
FROM names
